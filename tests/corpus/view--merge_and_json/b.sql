-- needs: 17
create table t (id int, j jsonb);
create view v as select x.a, is_json from t, json_table(t.j, '$[*]' columns (a int path '$.a')) x, lateral (select t.j::text is json object as is_json) y;
