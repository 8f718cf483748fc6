-- The rest of schema auth: sessions, second factors, single sign-on, book-keeping, functions and
-- privileges. Run after auth.sql, by the same superuser.

set role supabase_auth_admin;
set search_path = auth;

-- Sessions --------------------------------------------------------------------------------------

create table sessions (
  id uuid not null constraint sessions_pkey primary key,
  user_id uuid not null
    constraint sessions_user_id_fkey references users (id) on delete cascade,
  created_at timestamptz,
  updated_at timestamptz,
  factor_id uuid,
  aal aal_level,
  not_after timestamptz,
  refreshed_at timestamp,
  user_agent text,
  ip inet,
  tag text,
  oauth_client_id uuid
    constraint sessions_oauth_client_id_fkey references oauth_clients (id) on delete cascade,
  refresh_token_hmac_key text,
  refresh_token_counter bigint,
  scopes text constraint sessions_scopes_length check (char_length(scopes) <= 4096)
);
create index sessions_user_id_idx on sessions (user_id);
create index user_id_created_at_idx on sessions (user_id, created_at);
create index sessions_not_after_idx on sessions (not_after desc);
create index sessions_oauth_client_id_idx on sessions (oauth_client_id);
comment on table sessions is 'Auth: Stores session data associated to a user.';
comment on column sessions.not_after is
  'Auth: Not after is a nullable column that contains a timestamp after which the session should be regarded as expired.';
comment on column sessions.refresh_token_hmac_key is
  'Holds a HMAC-SHA256 key used to sign refresh tokens for this session.';
comment on column sessions.refresh_token_counter is
  'Holds the ID (counter) of the last issued refresh token.';

create table refresh_tokens (
  instance_id uuid,
  id bigint not null constraint refresh_tokens_pkey primary key,
  token varchar(255) constraint refresh_tokens_token_unique unique,
  user_id varchar(255),
  revoked boolean,
  created_at timestamptz,
  updated_at timestamptz,
  parent varchar(255),
  session_id uuid
    constraint refresh_tokens_session_id_fkey references sessions (id) on delete cascade
);
create sequence refresh_tokens_id_seq owned by refresh_tokens.id;
alter table refresh_tokens alter column id set default nextval('refresh_tokens_id_seq');
create index refresh_tokens_instance_id_idx on refresh_tokens (instance_id);
create index refresh_tokens_instance_id_user_id_idx on refresh_tokens (instance_id, user_id);
create index refresh_tokens_parent_idx on refresh_tokens (parent);
create index refresh_tokens_session_id_revoked_idx on refresh_tokens (session_id, revoked);
create index refresh_tokens_updated_at_idx on refresh_tokens (updated_at desc);
comment on table refresh_tokens is
  'Auth: Store of tokens used to refresh JWT tokens once they expire.';

-- Second factors and passkeys -------------------------------------------------------------------

create table mfa_factors (
  id uuid not null constraint mfa_factors_pkey primary key,
  user_id uuid not null
    constraint mfa_factors_user_id_fkey references users (id) on delete cascade,
  friendly_name text,
  factor_type factor_type not null,
  status factor_status not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  secret text,
  phone text,
  last_challenged_at timestamptz constraint mfa_factors_last_challenged_at_key unique,
  web_authn_credential jsonb,
  web_authn_aaguid uuid,
  last_webauthn_challenge_data jsonb
);
create index factor_id_created_at_idx on mfa_factors (user_id, created_at);
create index mfa_factors_user_id_idx on mfa_factors (user_id);
create unique index mfa_factors_user_friendly_name_unique on mfa_factors (friendly_name, user_id)
  where trim(both from friendly_name) <> '';
create unique index unique_phone_factor_per_user on mfa_factors (user_id, phone);
comment on table mfa_factors is 'auth: stores metadata about factors';
comment on column mfa_factors.last_webauthn_challenge_data is
  'Stores the latest WebAuthn challenge data including attestation/assertion for customer verification';

create table mfa_challenges (
  id uuid not null constraint mfa_challenges_pkey primary key,
  factor_id uuid not null
    constraint mfa_challenges_auth_factor_id_fkey references mfa_factors (id) on delete cascade,
  created_at timestamptz not null,
  verified_at timestamptz,
  ip_address inet not null,
  otp_code text,
  web_authn_session_data jsonb
);
create index mfa_challenge_created_at_idx on mfa_challenges (created_at desc);
comment on table mfa_challenges is 'auth: stores metadata about challenge requests made';

create table mfa_amr_claims (
  session_id uuid not null
    constraint mfa_amr_claims_session_id_fkey references sessions (id) on delete cascade,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  authentication_method text not null,
  id uuid not null constraint amr_id_pk primary key,
  constraint mfa_amr_claims_session_id_authentication_method_pkey
    unique (session_id, authentication_method)
);
comment on table mfa_amr_claims is
  'auth: stores authenticator method reference claims for multi factor authentication';

create table webauthn_challenges (
  id uuid not null default gen_random_uuid() constraint webauthn_challenges_pkey primary key,
  user_id uuid constraint webauthn_challenges_user_id_fkey references users (id) on delete cascade,
  challenge_type text not null
    constraint webauthn_challenges_challenge_type_check
    check (challenge_type in ('signup', 'registration', 'authentication')),
  session_data jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index webauthn_challenges_user_id_idx on webauthn_challenges (user_id);
create index webauthn_challenges_expires_at_idx on webauthn_challenges (expires_at);

create table webauthn_credentials (
  id uuid not null default gen_random_uuid() constraint webauthn_credentials_pkey primary key,
  user_id uuid not null
    constraint webauthn_credentials_user_id_fkey references users (id) on delete cascade,
  credential_id bytea not null,
  public_key bytea not null,
  attestation_type text not null default '',
  aaguid uuid,
  sign_count bigint not null default 0,
  transports jsonb not null default '[]',
  backup_eligible boolean not null default false,
  backed_up boolean not null default false,
  friendly_name text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_used_at timestamptz
);
create unique index webauthn_credentials_credential_id_key on webauthn_credentials (credential_id);
create index webauthn_credentials_user_id_idx on webauthn_credentials (user_id);

-- Single sign-on and external providers ---------------------------------------------------------

create table flow_state (
  id uuid not null constraint flow_state_pkey primary key,
  user_id uuid,
  auth_code text,
  code_challenge_method code_challenge_method,
  code_challenge text,
  provider_type text not null,
  provider_access_token text,
  provider_refresh_token text,
  created_at timestamptz,
  updated_at timestamptz,
  authentication_method text not null,
  auth_code_issued_at timestamptz,
  invite_token text,
  referrer text,
  oauth_client_state_id uuid,
  linking_target_id uuid,
  email_optional boolean not null default false
);
create index idx_auth_code on flow_state (auth_code);
create index idx_user_id_auth_method on flow_state (user_id, authentication_method);
create index flow_state_created_at_idx on flow_state (created_at desc);
comment on table flow_state is 'Stores metadata for all OAuth/SSO login flows';

create table sso_providers (
  id uuid not null constraint sso_providers_pkey primary key,
  resource_id text
    constraint "resource_id not empty" check (resource_id = null or char_length(resource_id) > 0),
  created_at timestamptz,
  updated_at timestamptz,
  disabled boolean
);
create unique index sso_providers_resource_id_idx on sso_providers (lower(resource_id));
create index sso_providers_resource_id_pattern_idx on sso_providers (resource_id text_pattern_ops);
comment on table sso_providers is
  'Auth: Manages SSO identity provider information; see saml_providers for SAML.';
comment on column sso_providers.resource_id is
  'Auth: Uniquely identifies a SSO provider according to a user-chosen resource ID (case insensitive), useful in infrastructure as code.';

create table sso_domains (
  id uuid not null constraint sso_domains_pkey primary key,
  sso_provider_id uuid not null
    constraint sso_domains_sso_provider_id_fkey references sso_providers (id) on delete cascade,
  domain text not null constraint "domain not empty" check (char_length(domain) > 0),
  created_at timestamptz,
  updated_at timestamptz
);
create index sso_domains_sso_provider_id_idx on sso_domains (sso_provider_id);
create unique index sso_domains_domain_idx on sso_domains (lower(domain));
comment on table sso_domains is
  'Auth: Manages SSO email address domain mapping to an SSO Identity Provider.';

create table saml_providers (
  id uuid not null constraint saml_providers_pkey primary key,
  sso_provider_id uuid not null
    constraint saml_providers_sso_provider_id_fkey references sso_providers (id) on delete cascade,
  entity_id text not null
    constraint saml_providers_entity_id_key unique
    constraint "entity_id not empty" check (char_length(entity_id) > 0),
  metadata_xml text not null
    constraint "metadata_xml not empty" check (char_length(metadata_xml) > 0),
  metadata_url text
    constraint "metadata_url not empty" check (metadata_url = null or char_length(metadata_url) > 0),
  attribute_mapping jsonb,
  created_at timestamptz,
  updated_at timestamptz,
  name_id_format text
);
create index saml_providers_sso_provider_id_idx on saml_providers (sso_provider_id);
comment on table saml_providers is 'Auth: Manages SAML Identity Provider connections.';

create table saml_relay_states (
  id uuid not null constraint saml_relay_states_pkey primary key,
  sso_provider_id uuid not null
    constraint saml_relay_states_sso_provider_id_fkey references sso_providers (id) on delete cascade,
  request_id text not null
    constraint "request_id not empty" check (char_length(request_id) > 0),
  for_email text,
  redirect_to text,
  created_at timestamptz,
  updated_at timestamptz,
  flow_state_id uuid
    constraint saml_relay_states_flow_state_id_fkey references flow_state (id) on delete cascade
);
create index saml_relay_states_sso_provider_id_idx on saml_relay_states (sso_provider_id);
create index saml_relay_states_for_email_idx on saml_relay_states (for_email);
create index saml_relay_states_created_at_idx on saml_relay_states (created_at desc);
comment on table saml_relay_states is
  'Auth: Contains SAML Relay State information for each Service Provider initiated login.';

-- Book-keeping ----------------------------------------------------------------------------------

create table instances (
  id uuid not null constraint instances_pkey primary key,
  uuid uuid,
  raw_base_config text,
  created_at timestamptz,
  updated_at timestamptz
);
comment on table instances is 'Auth: Manages users across multiple sites.';

create table audit_log_entries (
  instance_id uuid,
  id uuid not null constraint audit_log_entries_pkey primary key,
  payload json,
  created_at timestamptz,
  ip_address varchar(64) not null default ''
);
create index audit_logs_instance_id_idx on audit_log_entries (instance_id);
comment on table audit_log_entries is 'Auth: Audit trail for user actions.';

create table schema_migrations (version varchar(14) not null);
create unique index schema_migrations_version_idx on schema_migrations (version);
comment on table schema_migrations is 'Auth: Manages updates to the auth system.';
insert into schema_migrations values ('20260625000000');  -- the state these files describe

-- What policies call ----------------------------------------------------------------------------

create function uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
  )::uuid
$$;
create function role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
  )::text
$$;
create function email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
  )::text
$$;
create function jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;
comment on function uid() is 'Deprecated. Use auth.jwt() -> ''sub'' instead.';
comment on function role() is 'Deprecated. Use auth.jwt() -> ''role'' instead.';
comment on function email() is 'Deprecated. Use auth.jwt() -> ''email'' instead.';

-- Row security is on for the tables older than June 2024, and postgres may pass on SELECT there.
do $$
declare
  name text;
begin
  foreach name in array array[
    'audit_log_entries', 'flow_state', 'identities', 'instances', 'mfa_amr_claims',
    'mfa_challenges', 'mfa_factors', 'one_time_tokens', 'refresh_tokens', 'saml_providers',
    'saml_relay_states', 'schema_migrations', 'sessions', 'sso_domains', 'sso_providers', 'users']
  loop
    execute format('alter table auth.%I enable row level security', name);
    execute format('grant select on auth.%I to postgres with grant option', name);
  end loop;
end
$$;
revoke all on schema_migrations from postgres, dashboard_user;
grant select on schema_migrations to postgres with grant option;

reset search_path;
reset role;
