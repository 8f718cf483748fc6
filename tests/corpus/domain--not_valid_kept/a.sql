create domain d as text collate "C" default 'x';
create table t (id int primary key, a d);
insert into t values (1, '');
