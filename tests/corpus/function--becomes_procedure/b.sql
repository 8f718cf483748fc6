create procedure f(int) language sql as '';
comment on procedure f(int) is 'does nothing';
