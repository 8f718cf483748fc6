create schema two;
create extension citext with schema two;
create table t(c two.citext);
