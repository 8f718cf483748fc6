create operator family of_int using btree;
