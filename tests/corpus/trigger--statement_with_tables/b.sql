create table t (a int);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger g after update on t referencing new table as n2 for each statement execute function f();
