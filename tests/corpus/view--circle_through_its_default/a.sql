create view v as select 1 as a;
create function g(v) returns int language sql as 'select 1';
alter view v alter a set default g(null);
