create type pair as (a text, b varchar(9) collate "POSIX");
comment on column pair.b is 'second';
create table t (id int primary key, p pair);
insert into t values (1, row('x', 'y'));
