create function s(internal) returns internal language internal strict immutable as 'text_starts_with_support';
create function f(text, text) returns bool language internal immutable support s as 'text_starts_with';
