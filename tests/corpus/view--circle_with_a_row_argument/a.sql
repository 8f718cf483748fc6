create view v as select 1 as a, 'x'::text collate "C" as b;
create function of_v(v) returns int language sql as 'select 1';
create or replace view v as select of_v(null::v) as a, 'x'::text collate "C" as b;
