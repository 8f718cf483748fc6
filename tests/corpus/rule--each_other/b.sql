create table a (id int); create table b (id int);
create rule ra as on insert to a do also delete from b where id = new.id;
create rule rb as on insert to b do also delete from a where id = new.id;
