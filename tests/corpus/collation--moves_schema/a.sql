create schema s;
create collation s.c (locale = 'C');
create table t (a text collate s.c);
