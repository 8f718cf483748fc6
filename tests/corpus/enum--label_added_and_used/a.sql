create type mood as enum ('ok');
create table t(id int primary key, m mood default 'ok');
create view v as select * from t where m = 'ok';
insert into t values (1, 'ok');
