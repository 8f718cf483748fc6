create domain amount as numeric(12,2) check (value >= 0);
create table t(id int primary key, a amount);
