create view "v ""1""" as select 1 as "a b", 3 as "select";
grant select ("a b") on "v ""1""" to anon;
