-- Roles as on a hosted project: attributes, memberships, settings. Run by supabase_admin, the
-- superuser that initdb made. Passwords are set per project, not here.

create role postgres nosuperuser createdb createrole login replication bypassrls;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
create role dashboard_user nologin createdb createrole replication;
create role pgbouncer login;
create role supabase_auth_admin login noinherit createrole;
create role supabase_storage_admin login noinherit createrole;
create role supabase_realtime_admin nologin noinherit;
create role supabase_functions_admin login noinherit createrole;
create role supabase_replication_admin login replication;
create role supabase_etl_admin login replication;
create role supabase_read_only_user login bypassrls;
create role supabase_privileged_role nologin;

grant anon, authenticated, service_role to authenticator;
-- With the admin option postgres may put roles of its own into these, and change their settings.
grant anon, authenticated, service_role, authenticator to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;
grant pg_read_all_data to supabase_read_only_user, supabase_etl_admin;
grant authenticator to supabase_storage_admin;
grant anon, authenticated, service_role to supabase_realtime_admin;
-- supautils lets postgres do this; PostgreSQL 15 and newer can by themselves.
grant set on parameter session_replication_role, log_min_messages, pgrst.db_schemas,
  pgrst.db_extra_search_path, pgrst.db_max_rows, pgrst.db_pre_request, pgrst.db_aggregates_enabled,
  pgrst.openapi_mode, pgrst.jwt_secret, track_io_timing to postgres;

alter role postgres set search_path = "$user", public, extensions;
alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role supabase_storage_admin set search_path = storage;
alter role supabase_read_only_user set default_transaction_read_only = on;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';

alter database postgres owner to postgres;
