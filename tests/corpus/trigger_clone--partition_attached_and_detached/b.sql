create function f() returns trigger language plpgsql as 'begin return new; end';
create table p (id int) partition by range (id);
create table p1 (id int);
create table p2 partition of p for values from (10) to (20);
create trigger a after insert on p for each row execute function f();
create trigger a after insert on p1 for each row execute function f();
alter table only p disable trigger a;
