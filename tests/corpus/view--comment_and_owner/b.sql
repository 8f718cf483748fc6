create table t (a int);
create view v as select a from t;
alter view v owner to service_role;
comment on view v is 'two';
