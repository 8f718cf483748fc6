create function f(int) returns int language sql as 'select $1';
create table t (id int); create table log (id int);
create rule r as on insert to t do also insert into log values (f(new.id));
