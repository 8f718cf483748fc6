create table p (id int, at date) partition by range (at);
create table p1 (id int, at date);
alter table p attach partition p1 for values from ('2024-01-01') to ('2025-01-01');
insert into p values (1, '2024-05-05');
-- rows: select count(*) from p1 => 1
