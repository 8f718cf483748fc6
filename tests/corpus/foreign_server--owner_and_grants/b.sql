create foreign data wrapper w;
grant usage on foreign data wrapper w to authenticated;
create server s foreign data wrapper w;
revoke all on foreign server s from postgres;
grant usage on foreign server s to service_role with grant option;
comment on server s is 'mine';
