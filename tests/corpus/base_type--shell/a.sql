create type shell;
comment on type shell is 'not yet';
