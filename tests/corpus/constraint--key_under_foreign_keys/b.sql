create table p(id int, code int, constraint pk primary key (id) include (code));
create table c(p int references p);
