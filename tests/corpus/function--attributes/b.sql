create function f(int) returns setof int language sql stable strict leakproof parallel safe cost 7 rows 9
  security definer set search_path to 'public', 'pg_temp' set work_mem to '8MB' as 'select 1';
create function g(text, text) returns bool language internal immutable support textlike_support as 'textlike';
create function w() returns bigint language internal window immutable strict as 'window_row_number';
