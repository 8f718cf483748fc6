create view "v ""1""" as select 1 as "a b", 2 as "select", 3 as "Ü";
comment on column "v ""1"""."a b" is 'x';
