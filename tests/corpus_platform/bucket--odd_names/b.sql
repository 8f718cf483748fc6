insert into storage.buckets (id, name, allowed_mime_types)
values ('O''Brien "x" \ ü', 'n', '{"a,b","c\"d"}'), ('日本', '日本', null);
