create type pair as (a int);
create function f(pair) returns pair language sql as 'select $1';
create domain d as pair check ((value).a > 0);
create table t (id int primary key, p pair default row(1)::pair, q d);
insert into t values (1, row(1), row(1));
