create type c as (a int, b text);
comment on type c is 'one';
comment on column c.a is 'a';
alter type c owner to anon;
