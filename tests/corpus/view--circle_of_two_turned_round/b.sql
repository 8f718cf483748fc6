create view v1 as select 1 as a;
create view v2 as select 1 as a;
create function g1() returns setof v1 language sql as 'select 1';
create function g2() returns setof v2 language sql as 'select 1';
create or replace view v2 as select a from g1();
