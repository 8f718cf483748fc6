create table p (id int, z text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create view v as select id, z from p;
create index on p (z);
insert into p values (1, 'z');
-- rows: select z from p => z
