create schema "S";
create collation c from "C";
create collation "S"."Odd ""coll" (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
comment on collation c is 'see';
alter collation c owner to anon;
create table t (a text collate c, b text collate "S"."Odd ""coll" unique);
