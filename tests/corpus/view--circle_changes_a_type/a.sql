create view v as select 1 as a;
create function g() returns setof v language sql as 'select 1';
create or replace view v as select a from g();
create view over_it as select * from v;
