create table t (id int);
alter table t force row level security;
