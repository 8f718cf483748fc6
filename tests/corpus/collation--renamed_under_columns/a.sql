create collation c1 (locale = 'C');
create table t (id int primary key, a text collate c1, b varchar(9) collate c1 not null);
create index i on t (a, b);
insert into t values (1, 'x', 'b');
