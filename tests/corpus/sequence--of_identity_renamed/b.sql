create table t (id int generated always as identity (start 4));
