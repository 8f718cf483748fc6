create table p (id int not null, v text, n serial, i bigint generated always as identity) partition by range (id);
create table p1 partition of p for values from (0) to (10);
