create type c as (a int, b text);
comment on column c.b is 'b';
grant usage on type c to anon;
