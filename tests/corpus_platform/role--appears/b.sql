create role crew;
create role "Odd ""name"" ü" noinherit createdb createrole connection limit 3;
comment on role "Odd ""name"" ü" is 'it''s odd';
