create policy a on storage.objects for select to anon using (true);
create policy b on storage.buckets for select using (true);
create policy c on realtime.messages for select to authenticated using (true);
create policy d on auth.users for select using (id = auth.uid());
