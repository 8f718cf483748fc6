create view x as select 1 as id;
create table y(id int);
