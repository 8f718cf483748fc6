create function s(internal) returns internal language internal strict immutable as 'text_starts_with_support';
create function f(text) returns bool language sql immutable as 'select true';
