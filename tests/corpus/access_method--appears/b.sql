create access method am_heap type table handler heap_tableam_handler;
create access method "Am Bt" type index handler bthandler;
comment on access method am_heap is 'am';
create table t (a int) using am_heap;
insert into t values (1);
create table u (a int) using am_heap with (fillfactor = 50);
create materialized view m using am_heap as select a from t;
