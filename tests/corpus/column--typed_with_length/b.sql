create table t(id int primary key, s varchar(50), b bit varying(3), c char(8), n numeric(8,3), vs varchar(7)[]);
