-- needs: 18
create table t (a int constraint k not null, b int not null, c int not null);
comment on constraint k on t is 'because';
comment on constraint t_c_not_null on t is 'c';
