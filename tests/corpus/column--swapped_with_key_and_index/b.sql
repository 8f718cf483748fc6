create table t (b text unique, a text, id int primary key);
create index ab on t (a, b);
create table u (t int references t);
insert into t values ('y', 'x', 1);
insert into u values (1);
