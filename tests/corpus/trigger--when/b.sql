create table t (a int, b text);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before update on t for each row when (old.* is distinct from new.*) execute function f();
