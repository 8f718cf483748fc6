create domain outer_d as int;
create domain inner_d as outer_d;
create function ok(inner_d) returns boolean language sql immutable as 'select true';
alter domain outer_d add constraint fine check (ok(value::inner_d));
