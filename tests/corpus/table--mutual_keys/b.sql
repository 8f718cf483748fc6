create table a(id int primary key);
create table b(id int primary key, a int references a);
alter table a add b int references b on delete cascade deferrable initially deferred;
