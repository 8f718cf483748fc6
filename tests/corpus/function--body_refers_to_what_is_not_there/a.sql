create function f() returns int language plpgsql as 'begin return (select count(*) from nowhere); end';
create function g() returns int language sql as 'select 1';
