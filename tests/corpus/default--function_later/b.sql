create function f() returns int language plpgsql as 'begin return (select count(*) from t); end';
create table t(id int default f());
