create table public.t (id int);
create trigger hook after insert on public.t for each row
  execute function supabase_functions.http_request('https://a.example', 'POST', '{}', '{}', '1000');
