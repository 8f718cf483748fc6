create type addr as (street text, zip text collate "C", city varchar(30));
comment on column addr.city is 'where';
create table t(id int primary key, a addr);
grant usage on type addr to anon;
