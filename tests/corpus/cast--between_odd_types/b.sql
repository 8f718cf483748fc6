create schema "Ünï";
create type "Ünï"."a type" as enum ('x');
create cast ("Ünï"."a type" as varchar) with inout;
create cast ("char" as "Ünï"."a type") with inout as assignment;
create cast ("Ünï"."a type"[] as varchar) with inout;
comment on cast ("char" as "Ünï"."a type") is 'it''s';
