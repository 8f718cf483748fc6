create table p (id int primary key) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table c (id int, constraint fk foreign key (id) references p);
insert into p values (1); insert into c values (1);
-- rows: select count(*) from c => 1
