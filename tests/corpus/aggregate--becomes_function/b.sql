create function total(int) returns int language sql as 'select $1';
