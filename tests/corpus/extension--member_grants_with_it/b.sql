create extension citext;
grant execute on function citext_eq(citext, citext) to anon;
grant usage on type citext to anon;
create table t (a citext primary key);
