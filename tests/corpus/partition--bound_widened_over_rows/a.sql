create table p (id int primary key, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create index on p (v);
insert into p select g, g::text from generate_series(0, 9) g;
-- rows: select count(*) from p => 10
