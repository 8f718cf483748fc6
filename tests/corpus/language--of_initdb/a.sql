revoke usage on language plpgsql from public;
comment on language plpgsql is 'ours';
