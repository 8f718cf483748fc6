grant create on schema public to anon;
comment on schema public is 'ours';
