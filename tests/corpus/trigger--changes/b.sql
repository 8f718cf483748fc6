create table t(a int, b int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger x after insert or update of b on t for each row when (new.a > 1) execute function f('it''s');
create constraint trigger z after insert on t deferrable initially deferred for each row execute function f();
alter table t disable trigger x;
comment on trigger x on t is 'tr';
create trigger st after update on t referencing old table as o new table as n for each statement execute function f();
alter table t enable always trigger st;
