create table p (id int, v text);
create table p1 (id int, v text);
create view v as select * from p;
create policy own on p using (id > 0);
