create view v as select 1 as a, 2 as b;
create function g() returns setof v language sql begin atomic select 1, 2; end;
create or replace view v as select a, b from g();
