create table parent (a int, b text); create table child (c int) inherits (parent);
create index on child (a); grant select on child to anon; grant select (a) on parent to anon;
create policy p on child using (a > 0);
