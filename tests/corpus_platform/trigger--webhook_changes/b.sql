create table public.t (id int);
create trigger hook after insert or delete on public.t for each row
  execute function supabase_functions.http_request('https://b.example', 'POST', '{}', '{}', '1000');
