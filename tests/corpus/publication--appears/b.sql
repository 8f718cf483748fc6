create schema s; create schema "Odd ""s";
create table s.t (id int primary key, a text, "B c" int);
create table "Odd ""s".t (id int);
create publication "Odd ""pub" for table s.t (id, "B c") where ("B c" > 5 and a = 'it''s');
create publication schemas for tables in schema s, "Odd ""s";
create publication every for all tables;
create publication empty;
comment on publication every is 'every';
