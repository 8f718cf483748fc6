create table t (p point, c circle, exclude using gist (c with &&) with (fillfactor = 70));
