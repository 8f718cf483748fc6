create type e as enum ('a');
alter type e owner to anon;
comment on type e is 'one';
