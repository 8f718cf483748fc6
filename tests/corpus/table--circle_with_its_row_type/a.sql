create table t (id int, v int);
create function f(t) returns int language sql immutable as 'select 1';
alter table t add constraint ck check (f(t.*) is not null), alter v set default f(null);
alter table t add g int generated always as (f(null::t) + 1) stored;
alter table t add last_one text;
create index on t (f(t.*));
create policy p on t using (f(t.*) = 1);
alter table t enable row level security;
create trigger tr before update on t for each row when (old.id > 0) execute function suppress_redundant_updates_trigger();
