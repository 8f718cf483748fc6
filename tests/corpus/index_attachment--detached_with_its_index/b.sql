create table p (id int primary key, v text) partition by range (id);
create table p1 (id int primary key, v text);
create index p1_v_idx on p1 (v);
create index by_v on p (v);
