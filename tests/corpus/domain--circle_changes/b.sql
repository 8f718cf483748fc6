create domain d as int;
create function ok(d) returns boolean language sql immutable strict as 'select true';
alter domain d add constraint fine check (ok(value) and value < 100) ;
create table t (a d);
