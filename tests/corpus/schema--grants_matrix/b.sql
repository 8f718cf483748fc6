create schema s; create sequence s.q; create function s.f() returns int language sql as 'select 1';
create type s.e as enum ('a'); create domain s.d as int;
grant usage on schema s to anon with grant option; grant create on schema s to public;
grant select, update on sequence s.q to anon, authenticated;
revoke execute on function s.f() from public, postgres;
grant usage on type s.e to anon with grant option;
revoke usage on domain s.d from public, postgres;
