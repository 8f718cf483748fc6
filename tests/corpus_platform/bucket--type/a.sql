insert into storage.buckets (id, name, type) values ('a', 'a', 'ANALYTICS');
