-- needs: 17
create extension btree_gist;
create table p (id int, r int4range, constraint x exclude using gist (id with =, r with &&)) partition by list (id);
create table p1 partition of p for values in (1);
