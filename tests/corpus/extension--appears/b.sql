create schema ext;
create extension hstore with schema ext;
create table t(id int, h text default ext.hstore('a','b')::text);
