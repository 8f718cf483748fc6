create table p (id int not null, v text) partition by range (id);
create table p1 (id int not null, v text);
create table p2 partition of p for values from (10) to (20);
insert into p1 values (1, 'x'); insert into p values (11, 'y');
-- rows: select count(*) from (select id from only p1 union all select id from only p2) x => 2
