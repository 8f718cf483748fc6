create table p (id bigint primary key);
create table t (p bigint references p);
insert into p values (1);
insert into t values (1);
