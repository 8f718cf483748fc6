-- needs: 17
create schema s;
alter default privileges in schema s grant select on tables to anon;
create table s.t (id int);
