create table p (id int, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
insert into p values (1, 'x');
-- rows: select count(*) from p1 => 1
