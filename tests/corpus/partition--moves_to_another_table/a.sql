create table p (id int) partition by list (id);
create table q (id int) partition by list (id);
create table part partition of p for values in (1);
insert into p values (1);
-- rows: select count(*) from only part => 1
