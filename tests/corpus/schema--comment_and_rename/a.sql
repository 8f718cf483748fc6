create schema one;
comment on schema one is 'one';
create table one.t (a int);
