create domain d as text collate "C";
create function first(d) returns text language sql immutable as 'select ''x''';
alter domain d set default first(null);
