create table p (id int primary key);
create table t (p int references p);
insert into p values (1);
insert into t values (1);
