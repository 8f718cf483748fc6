create table t (a int);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger g before truncate on t execute function f();
