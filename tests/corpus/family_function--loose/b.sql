create function cmp(int4, int8) returns int language internal immutable strict as 'btint48cmp';
create operator family of_int using btree;
alter operator family of_int using btree add function 1 (int4, int8) cmp(int4, int8),
  function 2 (int4, int4) btint4sortsupport(internal);
