create domain amount as int;
create table t(id int primary key, a amount);
insert into t values (1, 5);
