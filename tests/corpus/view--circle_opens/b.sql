create view v as select 1 as a;
create function g() returns setof v language sql as 'select 1';
create function h(v) returns int language sql as 'select 1';
create or replace view v as select a + h(null) as a from g();
