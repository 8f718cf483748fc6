create domain d as int constraint small check (value < 10);
alter domain d add constraint pos check (value > 0) not valid;
create table t (id int primary key, a d);
insert into t values (1, 5);
