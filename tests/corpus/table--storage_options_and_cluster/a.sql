create table t (id int primary key, a text, b text) with (fillfactor = 70);
create index on t (a);
create unlogged table u (id serial, x text compression pglz);
