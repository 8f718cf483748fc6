create function f(int) returns setof int language sql as 'select 1';
create function g(text, text) returns bool language internal as 'textlike';
create function w() returns bigint language internal window as 'window_row_number';
