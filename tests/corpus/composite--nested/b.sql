create type addr as (street text, zip varchar(19));
create type nested as (a addr, b addr[]);
create table t (id int primary key, n nested);
insert into t values (1, row(row('s', 'z'), array[row('q', 'w')::addr]));
create type of_table as (r t);
