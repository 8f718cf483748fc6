create table p (id int primary key) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by range (id);
create table p21 partition of p2 for values from (10) to (15);
create table c (id int, constraint fk foreign key (id) references p on update cascade);
insert into p values (1); insert into c values (1);
-- rows: select count(*) from c => 1
