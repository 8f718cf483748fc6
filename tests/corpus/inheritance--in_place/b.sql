create table parent (a int, b text, constraint ck check (a > 0));
create table child (a int, b text, c int, constraint ck check (a > 0));
alter table child inherit parent;
insert into child values (1, 'x', 2);
-- rows: select count(*) from only child => 1
