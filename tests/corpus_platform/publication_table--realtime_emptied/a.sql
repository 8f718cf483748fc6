create table public.a (id int primary key);
alter publication supabase_realtime add table public.a;
