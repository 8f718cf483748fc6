create table p (id int, v text, w int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by list (w);
create table p21 partition of p2 default;
create index on p (v);
create view seen as select v from p;
insert into p values (1, 'x', 1), (11, 'y', 2);
-- rows: select string_agg(v, ',' order by id) from p => x,y
