create table t (id int constraint pk primary key);
create table u (t int constraint fk references t);
create view v as select t.*, count(*) as n from t group by id;
insert into t values (1); insert into u values (1);
