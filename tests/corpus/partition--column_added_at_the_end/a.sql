create table p (id int, a text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by range (id);
create table p21 partition of p2 for values from (10) to (15);
insert into p values (1, 'a'), (11, 'b');
-- rows: select count(*) from p where a is not null => 2
