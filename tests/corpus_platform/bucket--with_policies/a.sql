create policy "public read" on storage.objects for select to anon using (bucket_id = 'b');
insert into storage.buckets (id, name) values ('b', 'b');
