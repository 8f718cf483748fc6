create table public.members (room text, who uuid);
create policy "members only" on realtime.messages for select to authenticated
  using (exists (select from public.members m where m.who = auth.uid() and m.room = realtime.topic()));
