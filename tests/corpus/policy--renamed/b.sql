create table t (a int);
create policy two on t using (true);
