create table a (id int);
create table b (id int);
create function of_a(a) returns int language sql immutable as 'select 1';
create function of_b(b) returns int language sql immutable as 'select 1';
alter table a add check (of_b(null) = 1), add b_row b;
alter table b alter id set default of_a(null);
