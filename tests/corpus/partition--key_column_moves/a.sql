create table p (id int, z text, primary key (id)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create policy own on p using (id > 0);
grant select on p to anon;
insert into p values (1, 'z');
-- rows: select z from p1 => z
