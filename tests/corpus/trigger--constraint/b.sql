create table t (a int);
create function f() returns trigger language plpgsql as 'begin return null; end';
create constraint trigger g after insert on t for each row when (new.a > 0) execute function f();
