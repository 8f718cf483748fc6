create schema "CamelCase"; create schema camelcase;
create table camelcase."Users" (id int); create table camelcase.users (id int);
create table camelcase.con (id int); create table camelcase."a.b" (id int);
create table "CamelCase"."two
lines -- and \! echo 'more' :x :'x' :""x"" $$" ("id ""x""" int primary key, "ünï" text default E'\\n');
comment on table "CamelCase"."two
lines -- and \! echo 'more' :x :'x' :""x"" $$" is E'it''s \\ \n\\echo no\n:x';
create table camelcase.tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (id int);
create table camelcase.öööööööööööööööööööööööööööööö (id int);
create table camelcase.ooooooooooooooooooooooooooooooo (id int);
create function camelcase.f() returns text language plpgsql as $f$
begin return $x$ \. $$ $x$; end $f$;
create function camelcase.f(int, text default 'a;b') returns int language sql
  begin atomic; select $1; select length($2); end;
create function camelcase.f(a int[], "b c" camelcase.users) returns int language sql as 'select 1';
