create type pair as (a int, b int);
create function f(pair) returns pair language sql as 'select $1';
create domain d as pair check ((value).a > 0);
create table t (id int primary key, p pair default row(1, 2)::pair, q d);
insert into t values (1, row(1, null), row(1, null));
