create schema one;
create extension citext with schema one;
create table t(c one.citext);
