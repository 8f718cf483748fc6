create table p (id int, v text) partition by list (id);
create table p2 partition of p for values in (2, 3);
create table p4 partition of p for values in (1, 4);
create table rest partition of p default;
