create operator family f using gist;
create operator family sorts using btree;
alter operator family f using gist add operator 15 <-> (point, point) for order by pg_catalog.float_ops,
  operator 16 <@ (point, box);
