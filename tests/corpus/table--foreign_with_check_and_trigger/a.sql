create foreign data wrapper w;
create server s foreign data wrapper w;
create function f() returns trigger language plpgsql as 'begin return new; end';
create foreign table t (id int, constraint c check (id > 0)) server s;
create trigger g before insert on t for each row execute function f();
