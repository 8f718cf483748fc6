create role a; create role b;
grant a to b; grant anon to a; grant b to authenticator; grant pg_monitor to a with admin option;
