create domain small as varchar(19) check (value <> '') check (value <> ' ');
create domain smaller as small check (length(value) < 5) default 'a';
create table t (id int primary key, a smaller);
insert into t values (1, 'x');
