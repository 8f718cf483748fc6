create type pair as (a int, b text);
create function whole(pair) returns boolean language sql immutable as 'select true';
create domain d as pair check (whole(value));
create function of_d(d) returns boolean language sql immutable as 'select true';
alter domain d add constraint twice check (of_d(value));
alter domain d set default row(1, 'x')::pair;
