create table p (id int, a int, g int generated always as (a * 3) stored, z text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
insert into p values (1, 5);
-- rows: select a from p => 5
