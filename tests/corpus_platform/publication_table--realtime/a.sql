create table public.a (id int primary key, secret text);
create table public.b (id int primary key);
alter publication supabase_realtime add table public.a;
