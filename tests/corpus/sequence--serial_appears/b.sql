create table t(x text, id serial primary key);
