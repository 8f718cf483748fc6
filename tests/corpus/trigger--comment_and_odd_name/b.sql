create table t (a int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger "it's ""g""" before insert on t for each row execute function f('a');
comment on trigger "it's ""g""" on t is 'two';
