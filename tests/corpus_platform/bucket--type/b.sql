insert into storage.buckets (id, name, type) values ('s', 's', 'STANDARD');
