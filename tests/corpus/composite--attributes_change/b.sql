create type c as (a int, b text, d numeric(5,2));
create table t (x c);
