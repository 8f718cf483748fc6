create table t (id bigint primary key, a varchar(20), b bigint default 6, d timestamptz);
insert into t values (1, 'x', 2, null);
