create foreign data wrapper w;
grant usage on foreign data wrapper w to authenticated;
create server s foreign data wrapper w;
alter server s owner to authenticated;
grant usage on foreign server s to anon;
