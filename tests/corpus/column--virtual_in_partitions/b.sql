-- needs: 18
create table t (id int, twice int generated always as (id * 4) virtual) partition by list (id);
create table p partition of t for values in (1);
