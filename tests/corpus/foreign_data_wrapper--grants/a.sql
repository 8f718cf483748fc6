create foreign data wrapper w;
grant usage on foreign data wrapper w to anon, authenticated;
