create table t(a int, constraint c check (a > 0));
alter table t add constraint d check (a < 10) not valid;
