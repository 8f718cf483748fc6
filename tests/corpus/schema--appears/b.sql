create schema "odd ""name";
create table "odd ""name"."T b"("c 1" int);
