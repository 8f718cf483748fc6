create schema "Ünï";
create type "Ünï"."a type" as enum ('x');
