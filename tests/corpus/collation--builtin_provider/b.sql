-- needs: 17
create collation c (provider = builtin, locale = 'C.UTF-8');
create collation d (provider = libc, locale = 'C');
create table t (a text collate c);
