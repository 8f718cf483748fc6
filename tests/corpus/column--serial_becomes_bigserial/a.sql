create table t (id serial, n text);
