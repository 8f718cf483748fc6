insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('avatars', 'avatars', true, 1048576, '{image/png,image/*}'), ('scans', 'scans', null, null, null);
