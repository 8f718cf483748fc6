create table p (id int primary key);
create table t (p int);
alter table t add constraint f foreign key (p) references p not valid;
