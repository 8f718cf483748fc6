create view v as select 1 as a;
create function rows_of() returns setof v language sql as 'select 1';
create function put() returns trigger language plpgsql as 'declare r public.v; begin return new; end';
create or replace view v as select a from rows_of();
create trigger put instead of insert on v for each row execute function put();
