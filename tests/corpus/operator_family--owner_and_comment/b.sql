create operator family of_int using btree;
comment on operator family of_int using btree is 'family';
alter operator family of_int using btree owner to service_role;
