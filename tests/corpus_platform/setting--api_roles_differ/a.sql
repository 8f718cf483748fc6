alter role authenticated set statement_timeout = '1s';
alter role authenticator set pgrst.db_schemas = 'public';
