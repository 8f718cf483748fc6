create domain small as varchar(9) check (value <> '');
create domain smaller as small check (length(value) < 5);
create table t (id int primary key, a smaller);
insert into t values (1, 'x');
