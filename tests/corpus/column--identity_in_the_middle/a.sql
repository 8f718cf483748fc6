create table t (a text, id int generated always as identity (start 5 increment 5 cycle cache 3), b text);
