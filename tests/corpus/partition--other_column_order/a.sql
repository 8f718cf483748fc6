create table p (id int not null, k int not null) partition by range (id);
create table p1 (k int not null, gone int, id int not null); alter table p1 drop column gone;
alter table p attach partition p1 for values from (0) to (10);
insert into p values (1, 2);
-- rows: select k from p => 2
