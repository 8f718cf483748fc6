create type pair as (a text collate "C", b varchar(9));
comment on column pair.a is 'first'; comment on type pair is 'two';
create table t (id int primary key, p pair);
insert into t values (1, row('x', 'y'));
