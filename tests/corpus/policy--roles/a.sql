create table t (a int);
create policy p on t to anon, authenticated using (true);
