create operator family of_int using btree;
comment on operator family of_int using btree is 'fam';
alter operator family of_int using btree owner to anon;
create operator family of_int using hash;
create schema "s s"; create operator family "s s"."F F" using gist;
