create table a(id int primary key, x int);
create table b(id int primary key);
create schema s;
create publication p for table a (id) where (id > 5), b with (publish = 'insert, update');
create publication q for tables in schema s;
comment on publication p is 'pub';
alter publication q owner to postgres;
