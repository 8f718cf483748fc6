create schema two;
comment on schema two is 'two';
create table two.t (a int);
