create view v as select 1::bigint as a, 'x'::text as b;
create function g() returns setof v language sql as 'select 1::bigint, ''x''';
create or replace view v as select a, b from g();
create view over_it as select * from v;
