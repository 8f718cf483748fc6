create schema "Dom Ains";
create domain "Dom Ains"."My Domain" as int[] constraint "First ""One""" check (array_length(value, 1) < 5)
  constraint "Zweiter Überblick" check (value <> '{}');
comment on constraint "Zweiter Überblick" on domain "Dom Ains"."My Domain" is 'it''s';
comment on domain "Dom Ains"."My Domain" is 'few';
revoke usage on type "Dom Ains"."My Domain" from public; grant usage on type "Dom Ains"."My Domain" to anon;
alter domain "Dom Ains"."My Domain" owner to authenticated;
