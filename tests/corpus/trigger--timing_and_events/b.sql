create table t (a int, b int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g after insert or delete or update of b, a on t for each row execute function f('x', 'it''s');
