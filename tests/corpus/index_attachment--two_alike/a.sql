create table p (id int, v text) partition by range (id);
create table p1 (id int, v text);
create index a_first on p1 (v); create index b_second on p1 (v);
create index by_v on p (v);
