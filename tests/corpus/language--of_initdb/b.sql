grant usage on language plpgsql to anon with grant option;
alter language plpgsql owner to service_role;
