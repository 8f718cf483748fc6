-- needs: 17
create function f() returns trigger language plpgsql as 'begin return new; end';
create table t (id int) partition by list (id);
create table p partition of t for values in (1);
create trigger g before insert on t for each row execute function f();
