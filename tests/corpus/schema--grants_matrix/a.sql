create schema s; create sequence s.q; create function s.f() returns int language sql as 'select 1';
create type s.e as enum ('a'); create domain s.d as int;
grant all on schema s to anon; grant usage on sequence s.q to anon;
grant execute on function s.f() to anon with grant option;
revoke usage on type s.e from public; grant usage on domain s.d to anon;
