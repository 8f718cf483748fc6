create table t (a int, b int);
create policy p on t for update using (a > 0);
create policy q on t for insert with check (b = any (array[1, 2, 3]));
