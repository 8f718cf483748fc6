-- needs: 17
create table t (id int generated always as identity, k int) partition by list (k);
create table p partition of t for values in (1);
