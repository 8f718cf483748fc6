create table ref (id int primary key);
create table p (id int, r int, constraint fk foreign key (r) references ref on delete cascade) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
alter table p1 add constraint own foreign key (r) references ref;
insert into ref values (1); insert into p values (1, 1);
-- rows: select count(*) from p => 1
