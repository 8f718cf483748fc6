create domain d as int check (value > 0) check (value < 100) not null;
create table t(id int primary key, a d[]);
