create table p (id int, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10) with (fillfactor = 70, autovacuum_enabled = false);
alter table p1 owner to authenticated; grant select (v) on p1 to anon;
alter table p enable row level security; create policy own on p to anon using (id > 0);
alter table p1 enable row level security; create policy own on p1 using (v is not null);
alter table p1 replica identity full; alter table p1 alter v set storage external;
alter table only p alter v set statistics 50; alter table p1 alter v set statistics 20;
