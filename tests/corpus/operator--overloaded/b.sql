create schema "Odd Ops";
create function "Odd Ops"."f n"(int, int) returns int language sql as 'select 1';
create function "Odd Ops"."f n"(text, int) returns int language sql as 'select 1';
create operator "Odd Ops".<-> (leftarg = text, rightarg = int, function = "Odd Ops"."f n", commutator = <-> );
create function "Odd Ops"."f n"(int, text) returns int language sql as 'select 1';
create operator "Odd Ops".@#@ (leftarg = int, rightarg = int, function = "Odd Ops"."f n", commutator = operator("Odd Ops".@#@));
