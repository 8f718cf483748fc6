-- needs: 17
create table t (id int primary key, n int);
create function f() returns setof t language sql begin atomic merge into t using (values (1)) s(i) on t.id = s.i when matched then update set n = 1 when not matched by source then delete returning t.*; end;
