create table "user" ("order" int primary key, "group" text check ("group" <> 'a''b'), "%s" int, "$1" text default '$$', "{}" jsonb);
create view "View" as select "order", "%s" from "user";
create function "Do"("in" int) returns int language sql as $$ select "in" $$;
create sequence "Seq.uence";
create type "enum" as enum ('a''b', 'c"d', 'e\f', '');
grant select ("order") on "user" to anon;
