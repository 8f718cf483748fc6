create table t (a int);
create policy one on t using (true);
