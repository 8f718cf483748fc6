create schema "Od""d.S";
create view "Od""d.S"."v 'q' ünï" as select 1 as "select", 2 as "A""b";
create function "Od""d.S"."f;--"() returns setof "Od""d.S"."v 'q' ünï" language sql as 'select 1, 2';
create or replace view "Od""d.S"."v 'q' ünï" as select "select", "A""b" from "Od""d.S"."f;--"();
