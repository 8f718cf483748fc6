-- needs: 18
create table t (id int);
create function f() returns setof int language sql begin atomic update t set id = id + 1 returning with (old as o, new as n) n.id; end;
