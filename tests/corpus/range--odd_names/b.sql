create schema "Odd Types";
create type "Odd Types"."My ""Range""" as range (subtype = date, multirange_type_name = "Odd Types"."My Ranges");
comment on type "Odd Types"."My ""Range""" is 'days';
create function f("Odd Types"."My Ranges") returns "Odd Types"."My ""Range""" language sql as 'select range_merge($1)';
