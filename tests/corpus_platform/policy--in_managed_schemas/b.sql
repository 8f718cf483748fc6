create policy a on storage.objects for select to authenticated using (owner_id = auth.uid()::text);
create policy c on realtime.messages for insert to authenticated
  with check (realtime.topic() = 'room');
create policy e on storage.s3_multipart_uploads using (false);
