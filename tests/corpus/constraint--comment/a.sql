create table t (a int primary key, b int check (b > 0));
comment on constraint t_pkey on t is 'one';
