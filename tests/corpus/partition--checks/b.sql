create table p (id int, a int, constraint "both" check (a > 1), constraint added check (id is not null)) partition by range (id);
create table p1 partition of p (constraint own check (a < 200)) for values from (0) to (10);
comment on constraint "both" on p is 'parent''s'; comment on constraint "both" on p1 is 'child''s';
insert into p values (1, 5);
-- rows: select count(*) from p1 => 1
