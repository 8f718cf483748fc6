create schema "O C";
create operator class "O C"."a b" for type int8 using btree as storage int8;
comment on operator class "O C"."a b" using btree is 'nothing in it';
