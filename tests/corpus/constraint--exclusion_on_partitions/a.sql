-- needs: 17
create table p (id int, r int4range) partition by list (id);
create table p1 partition of p for values in (1);
