create table p (id int not null, k int not null, constraint pk primary key (id)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table other (id int references p);
