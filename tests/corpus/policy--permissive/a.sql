create table t (a int);
create policy p on t using (a > 0);
