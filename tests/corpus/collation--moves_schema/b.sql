create schema s;
create collation public.c (locale = 'C');
create table t (a text collate public.c);
