create collation c2 (locale = 'C');
create table t (id int primary key, a text collate c2, b varchar(9) collate c2 not null);
create index i on t (a, b);
insert into t values (1, 'x', 'b');
