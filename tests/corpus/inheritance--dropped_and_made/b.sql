create schema s; create table s."Pa""rent" (a int, "Ü" text default 'x');
create table s.child (c int unique) inherits (s."Pa""rent");
alter table s.child owner to anon; create trigger t before update on s.child for each row execute function suppress_redundant_updates_trigger();
create unlogged table s.quick (e int) inherits (s."Pa""rent") with (fillfactor = 50);
create table s.same () inherits (s."Pa""rent");
