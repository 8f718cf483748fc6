create table p (id int, a int, constraint "both" check (a > 0)) partition by range (id);
create table p1 partition of p (constraint own check (a < 100)) for values from (0) to (10);
insert into p values (1, 5);
-- rows: select count(*) from p1 => 1
