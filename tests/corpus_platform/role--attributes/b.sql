create role a createrole noinherit;
create role b;
create role c connection limit 0; comment on role c is 'new';
