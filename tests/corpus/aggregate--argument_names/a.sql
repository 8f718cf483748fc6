create schema "My App";
create function "My App"."st ep"(int, int, text) returns int language sql as 'select $2';
create aggregate "My App"."Sum Up"("First One" int, b text) (sfunc = "My App"."st ep", stype = int);
comment on aggregate "My App"."Sum Up"(int, text) is 'first';
