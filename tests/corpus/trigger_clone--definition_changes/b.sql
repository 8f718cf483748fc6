create function f() returns trigger language plpgsql as 'begin return new; end';
create table p (id int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create trigger a after insert on p for each row execute function f('y');
create constraint trigger k after insert on p deferrable initially deferred for each row execute function f();
alter table p1 disable trigger a; alter table p2 disable trigger k;
comment on trigger a on p is 'the one';
