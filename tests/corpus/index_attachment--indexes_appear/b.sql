create table p (id int, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by list (v);
create table p21 partition of p2 default;
create index by_v on p (v); create index p1_own on p1 (id);
comment on index by_v is 'all'; comment on index p21_v_idx is 'leaf';
