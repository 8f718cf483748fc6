create type mood as enum ('ok','new');
create table t(id int primary key, m mood default 'new', constraint c check (m <> 'new' or id > 0));
create view v as select * from t where m = 'new';
comment on type mood is 'how';
grant usage on type mood to anon;
