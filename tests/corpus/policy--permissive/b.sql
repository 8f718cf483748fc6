create table t (a int);
create policy p on t as restrictive using (a > 0);
