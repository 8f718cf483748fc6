alter language plpgsql owner to service_role;
revoke usage on language plpgsql from public;
grant usage on language plpgsql to anon, authenticated;
