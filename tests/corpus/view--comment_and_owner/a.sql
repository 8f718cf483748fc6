create table t (a int);
create view v as select a from t;
alter view v owner to anon;
comment on view v is 'one';
comment on column v.a is 'column';
