create view v as select 1 as a;
create function g() returns setof v language sql begin atomic select 1; end;
create or replace view v as select a from g();
