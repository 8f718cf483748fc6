create extension hstore;
create table config (id int, who name);
alter extension hstore add table config;
alter table config enable row level security;
create policy own on config to anon using (who = current_user);
create policy "all" on config as restrictive for select to authenticated using (id > 0);
comment on policy own on config is 'own';
grant select on config to anon;
grant update (id) on config to anon;
