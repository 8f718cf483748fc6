create view v1 as select 1 as a;
create view v2 as select 'x'::varchar(5) as b;
create function g1() returns setof v1 language sql as 'select 1';
create function g2(int) returns setof v2 language sql as 'select ''x''::varchar(5)';
create or replace view v1 as select count(*)::int as a from g2(1);
create or replace view v2 as select a::varchar(5) as b from g1();
