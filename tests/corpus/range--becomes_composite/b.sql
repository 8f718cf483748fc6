create type span as (a float8, b float8);
create table t (id int primary key);
