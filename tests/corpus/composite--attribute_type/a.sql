create type c as (a int, b text);
create function f(c) returns c language sql as 'select $1';
