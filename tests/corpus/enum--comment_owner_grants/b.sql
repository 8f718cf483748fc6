create type e as enum ('a', 'b');
alter type e owner to service_role;
revoke usage on type e from public;
grant usage on type e to authenticated;
