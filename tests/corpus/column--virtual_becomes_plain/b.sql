-- needs: 18
create table t (id int, twice int default 4, n text generated always as ('x') virtual);
