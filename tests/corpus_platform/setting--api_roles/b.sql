alter role anon set statement_timeout = '1s';
alter role authenticator set pgrst.db_schemas = 'public, api';
alter role authenticator set lock_timeout = '8s';
