create function f(text) returns int language sql as 'select 3';
create function f(text, int) returns setof int language sql rows 5 as 'select 2';
create function f(int, out a int, out b text) returns record language sql as 'select 1, ''x''';
create function w(int) returns table (a int, b text) language sql as 'select 1, ''x''';
