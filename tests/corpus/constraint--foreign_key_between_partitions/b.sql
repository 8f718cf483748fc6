create table p (id int primary key, up int references p) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table q (id int, p int references p) partition by hash (id);
create table q0 partition of q for values with (modulus 2, remainder 0);
create table q1 partition of q for values with (modulus 2, remainder 1);
