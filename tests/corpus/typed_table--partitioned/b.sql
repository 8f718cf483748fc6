create type pair as (a int, b text);
create table t of pair partition by list (a);
create table t1 (a int, b text); alter table t attach partition t1 for values in (1);
