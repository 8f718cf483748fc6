create table p (id int not null, k int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
alter table only p add constraint pk primary key (id);
