create extension hstore;
create table config (id int, who name);
alter extension hstore add table config;
