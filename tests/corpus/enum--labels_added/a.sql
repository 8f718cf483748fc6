create type mood as enum ('ok');
create table t(m mood default 'ok');
insert into t values ('ok');
