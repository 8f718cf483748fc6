create table p (id int, v text) partition by list (id);
create table p1 partition of p for values in (1);
create table rest partition of p default;
insert into p values (1, 'a'), (5, 'b');
-- rows: select count(*) from p => 2
