create type mood as enum ('a','b','gone');
create table t(id int primary key, m mood not null default 'a', ms mood[]);
create index i on t(m) where m = 'b';
create function f(x mood) returns mood language sql as 'select x';
alter table t enable row level security;
create policy p on t using (m = 'a');
insert into t values (1,'b','{a,b}');
