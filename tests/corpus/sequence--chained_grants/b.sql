create sequence s;
grant usage on sequence s to anon with grant option;
set role anon;
grant usage on sequence s to authenticated;
reset role;
