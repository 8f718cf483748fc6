create domain d as text constraint c check (value <> 'y') constraint f check (length(value) < 9);
create table t (a d);
insert into t values ('x');
