create table t(id int primary key, s varchar(9), b bit(3), c char(4), n numeric(6,2), vs varchar(5)[]);
insert into t values (1, 'abc', '101', 'x', 5.25, '{a,b}');
