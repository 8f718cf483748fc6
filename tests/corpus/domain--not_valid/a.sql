create domain d as int;
create table t (a d);
insert into t values (-1);
alter domain d add constraint c check (value > 0) not valid;
