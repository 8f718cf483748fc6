create operator family of_int using btree;
alter operator family of_int using btree add operator 1 < (int4, int4), operator 3 = (int4, int4);
