create table t (a int4range, b text, constraint x exclude using gist (a with &&) where (b <> 'x'));
