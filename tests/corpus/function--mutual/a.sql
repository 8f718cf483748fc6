create function b(int) returns int language plpgsql as 'begin return 1; end';
create function a(int) returns int language sql as 'select b($1)';
