create table p (id int not null, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 (id int not null, v text);
insert into p values (1, 'x'); insert into p2 values (11, 'y');
-- rows: select count(*) from (select id from only p1 union all select id from only p2) x => 2
