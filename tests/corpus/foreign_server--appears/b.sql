create foreign data wrapper w;
create server "Remote ""1" type 'tp' version '1.2' foreign data wrapper w
  options (host 'h', dbname 'd''b\');
create server bare foreign data wrapper w;
comment on server bare is 'bare';
grant usage on foreign server bare to anon;
alter server bare owner to authenticated;
