create table ref (id int primary key);
create table p (id int, r int, constraint fk foreign key (r) references ref) partition by range (id);
create table p1 partition of p for values from (0) to (10);
insert into ref values (1); insert into p values (1, 1);
-- rows: select count(*) from p1 => 1
