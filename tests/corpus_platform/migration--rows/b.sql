create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key,
  statements text[], name text, created_by text, idempotency_key text unique, rollback text[]);
insert into supabase_migrations.schema_migrations
  (version, statements, name, created_by, idempotency_key, rollback) values
  ('1', '{"select 1"}', 'same', null, null, null),
  ('2', array['select ''a\b''', E'do $x$ begin\n raise ''"ü"''; end $x$', ''], '2', 'a@b.test', 'k2', '{}'),
  ('20260101000000', '{"select 1"}', E'O''Brien \\ x', null, 'k3', '{"drop x"}');
