create type mood as enum ('sad', 'o''k');
comment on type mood is 'mood'; revoke all on type mood from public; grant usage on type mood to anon;
alter type mood owner to service_role;
