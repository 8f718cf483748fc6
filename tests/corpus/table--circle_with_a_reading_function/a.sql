create table t (id int, v int);
create function biggest() returns int language sql stable begin atomic select max(v) from t; end;
alter table t alter v set default biggest() + 1, add check (id <> biggest());
create function sum_of(int) returns int language sql immutable as 'select 1';
alter table t add g int generated always as (sum_of(id)) stored;
create or replace function sum_of(int) returns int language sql immutable begin atomic select $1 + count(g)::int from t; end;
