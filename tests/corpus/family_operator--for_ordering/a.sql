create operator family f using gist;
create operator family sorts using btree;
