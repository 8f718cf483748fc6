-- both dumps need a dummy view: the function returns the view's rows and the view reads them
create table people (id int primary key, name text);
create view crew as select id, name from people;
create function everyone() returns setof crew language sql stable as 'select id, name from public.people';
create or replace view crew as select e.id, e.name from everyone() e;
