create table p (id int not null, k int not null, v text, constraint pk primary key (id, k)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
alter table p add constraint uq unique (id); alter table p1 add constraint own unique (k);
comment on constraint pk on p is 'key'; comment on constraint p1_pkey on p1 is 'its key';
comment on index p1_pkey is 'its index';
insert into p values (1, 1), (11, 2);
-- rows: select count(*) from p => 2
