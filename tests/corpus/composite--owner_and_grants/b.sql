create type pair as (a int);
alter type pair owner to anon; revoke usage on type pair from public; grant usage on type pair to authenticated with grant option;
