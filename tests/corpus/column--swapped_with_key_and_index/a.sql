create table t (id int primary key, a text, b text unique);
create index ab on t (a, b);
create table u (t int references t);
insert into t values (1, 'x', 'y');
insert into u values (1);
