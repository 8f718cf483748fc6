create function public.mine(name text) returns boolean language sql stable
  as 'select (storage.foldername(name))[1] = auth.uid()::text';
create policy "own folder" on storage.objects to authenticated
  using (public.mine(name)) with check (bucket_id = 'b' and public.mine(name));
insert into storage.buckets (id, name) values ('b', 'b'), ('c', 'c');
