-- needs: 18
create table t (id int);
create function f() returns setof int language sql begin atomic update t set id = id + 1 returning old.id; end;
