create table t (a int4range, b text, constraint x exclude using gist (a with &&, a with -|-) deferrable);
