create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key,
  statements text[], name text, created_by text, idempotency_key text unique, rollback text[]);
insert into supabase_migrations.schema_migrations (version, statements, name, idempotency_key) values
  ('1', '{"select 1"}', 'same', null), ('2', null, null, 'k3'), ('3', '{}', 'goes', null);
