create table t (id int);
comment on table t is 'gone soon';
comment on column t.id is 'also';
