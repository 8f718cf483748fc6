create type c as (a bigint, b varchar(5));
create function f(c) returns c language sql as 'select $1';
