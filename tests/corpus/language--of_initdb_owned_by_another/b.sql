alter language plpgsql owner to anon;
