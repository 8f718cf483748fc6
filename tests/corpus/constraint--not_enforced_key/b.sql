-- needs: 18
create table p (id int primary key);
create table t (a int, b int, constraint f foreign key (a) references p, constraint g foreign key (b) references p not enforced);
