create sequence s;
alter sequence s owner to anon;
grant usage on sequence s to authenticated;
comment on sequence s is 'one';
