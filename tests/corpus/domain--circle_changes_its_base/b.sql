create domain d as int;
create function ok(d) returns boolean language sql immutable as 'select true';
alter domain d add constraint fine check (ok(value));
