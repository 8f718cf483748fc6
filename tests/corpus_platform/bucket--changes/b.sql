insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('same', 'same', true, null, null), ('b', 'renamed', true, 99, '{}');
