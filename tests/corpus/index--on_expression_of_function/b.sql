create function norm(text) returns text language sql immutable as 'select upper($1)';
create table t (a text);
create unique index i on t (norm(a)) where norm(a) <> '';
