create view v as select 1 as a;
create function g(v) returns int language sql as 'select 1';
create function h() returns setof v language sql as 'select 1';
comment on function h() is 'of a view';
create view w as select g(v.*) from v;
