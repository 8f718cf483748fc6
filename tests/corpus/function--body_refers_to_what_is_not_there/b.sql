create function f() returns int language plpgsql as 'begin return (select max(x) from nowhere); end';
