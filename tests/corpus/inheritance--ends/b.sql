create table child (a int, b text, c int, constraint ck check (a > 0));
insert into child values (1, 'x', 2);
-- rows: select b from child => x
