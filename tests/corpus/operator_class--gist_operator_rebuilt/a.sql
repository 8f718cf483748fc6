create function over(box, box) returns bool language internal immutable strict as 'box_overlap';
create operator &&& (leftarg = box, rightarg = box, function = over, commutator = &&&);
create operator class boxes for type box using gist as operator 3 &&&,
  function 1 gist_box_consistent(internal, box, smallint, oid, internal), function 2 gist_box_union(internal, internal),
  function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal),
  function 7 gist_box_same(box, box, internal);
create table t (b box, constraint apart exclude using gist (b boxes with &&&));
create index i on t using gist (b boxes);
insert into t values ('(1,1),(0,0)');
