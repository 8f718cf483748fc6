create role crew; grant crew to postgres;
create role reader;
create schema app authorization crew;
create table public.t (id int);
grant select on public.t to reader;
create table app.x (id int); alter table app.x owner to crew;
alter table public.t enable row level security;
create policy p on public.t to reader using (true);
alter default privileges in schema public grant select on tables to reader;
