create sequence s;
grant all on sequence s to authenticated;
grant select on sequence s to public;
comment on sequence s is 'two';
