create schema a;
create extension cube schema a;
create extension earthdistance schema public;
create table t (c a.cube, e earth);
