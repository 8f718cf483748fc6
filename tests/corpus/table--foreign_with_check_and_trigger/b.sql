create foreign data wrapper w;
create server s foreign data wrapper w;
create function f() returns trigger language plpgsql as 'begin return new; end';
create foreign table t (id int, constraint c check (id > 1) no inherit) server s;
create trigger g after update on t for each row execute function f();
alter foreign table t disable trigger g;
