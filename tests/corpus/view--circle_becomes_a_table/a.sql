create table v (a int);
create function g() returns setof v language sql as 'select 1';
