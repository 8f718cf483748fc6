create table t (id int, gone text);
alter table t drop column gone;
comment on table t is 'one left';
