create view v as select 1 as a, 'x'::text collate "C" as b;
