create table p (z text, id int, primary key (id)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create policy own on p using (id > 0);
grant select on p to anon;
insert into p values ('z', 1);
-- rows: select z from p1 => z
