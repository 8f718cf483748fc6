create type addr as (street text, zip text);
create table t(id int primary key, a addr);
