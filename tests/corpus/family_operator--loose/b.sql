create operator family of_int using btree;
alter operator family of_int using btree add operator 1 < (int4, int8), operator 3 = (int4, int8),
  function 1 (int4, int8) btint48cmp(int4, int8);
