create operator family of_int using btree;
comment on operator family of_int using btree is 'fam';
