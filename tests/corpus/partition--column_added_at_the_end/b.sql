create table p (id int, a text, b int not null default 7, c text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p (c default 'two') for values from (10) to (20) partition by range (id);
create table p21 partition of p2 (b default 9) for values from (10) to (15);
comment on column p.b is 'bee'; comment on column p21.b is 'bee of p21';
insert into p values (1, 'a'), (11, 'b');
-- rows: select count(*) from p where a is not null => 2
