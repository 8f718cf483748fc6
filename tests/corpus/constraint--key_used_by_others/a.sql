create table p (id int constraint pk primary key, n text);
create table a (p int constraint fa references p);
create table b (p int constraint fb references p on delete cascade);
create view v as select id, n, count(*) from p group by id;
insert into p values (1, 'x');
insert into a values (1);
