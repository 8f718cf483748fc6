create table new (id int);
