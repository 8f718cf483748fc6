create table t (a int, b int);
create policy p on t for update using (a > 0) with check (b > 0);
create policy q on t for insert with check (b in (1, 2));
