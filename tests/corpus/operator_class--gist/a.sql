create function same(box, box, internal) returns internal language internal immutable strict as 'gist_box_same';
create operator class boxes for type box using gist as operator 1 <<, operator 3 &&,
  function 1 gist_box_consistent(internal, box, smallint, oid, internal), function 2 gist_box_union(internal, internal),
  function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal),
  function 7 same(box, box, internal);
create table t (b box);
insert into t values ('(1,1),(0,0)');
create index i on t using gist (b boxes);
