create function f(int) returns bigint language sql as 'select 2::bigint';
create view v as select f(1) as x;
