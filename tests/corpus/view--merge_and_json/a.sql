-- needs: 17
create table t (id int, j jsonb);
create view v as select x.* from t, json_table(t.j, '$[*]' columns (a int path '$.a', b text exists path '$.b')) x;
