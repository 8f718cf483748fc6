create table t (id int generated always as identity (sequence name counter start 3));
