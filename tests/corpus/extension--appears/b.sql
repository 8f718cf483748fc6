create schema ext;
create extension pgcrypto with schema ext;
create table t(id int, h text default encode(ext.digest('x','sha1'),'hex'));
