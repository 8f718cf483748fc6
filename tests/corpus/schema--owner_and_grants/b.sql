create schema app authorization authenticated;
grant usage, create on schema app to service_role;
comment on schema app is 'it''s the app';
