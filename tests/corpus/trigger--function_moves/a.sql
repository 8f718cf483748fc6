create schema one;
create schema two;
create table t (a int);
create function one.f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function one.f();
