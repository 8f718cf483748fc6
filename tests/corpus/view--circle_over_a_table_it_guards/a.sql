create table t (a int, owner name);
create view v as select a from t;
create function seen() returns setof v language sql stable begin atomic select a from t; end;
create or replace view v as select a from seen();
create function may(int) returns boolean language sql stable begin atomic select exists (select from v where a = $1); end;
alter table t enable row level security;
create policy only_seen on t using (may(a));
create trigger tr before update on t for each row when (may(new.a)) execute function suppress_redundant_updates_trigger();
