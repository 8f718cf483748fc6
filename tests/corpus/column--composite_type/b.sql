create type pair as (a int, b text);
create table t (p pair default row(1, 'x'), r int, q pair[]);
