create schema "My App";
create function "My App"."st ep"(int, int, text) returns int language sql as 'select $2';
create aggregate "My App"."Sum Up"("Other One" int, b text) (sfunc = "My App"."st ep", stype = int);
alter aggregate "My App"."Sum Up"(int, text) owner to anon;
