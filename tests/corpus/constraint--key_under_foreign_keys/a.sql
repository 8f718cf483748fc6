create table p(id int, code int, constraint pk primary key (id));
create table c(p int references p);
insert into p values (1, 2);
insert into c values (1);
