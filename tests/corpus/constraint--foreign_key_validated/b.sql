create table p (id int primary key);
create table t (p int, constraint f foreign key (p) references p);
