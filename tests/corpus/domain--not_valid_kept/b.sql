create domain d as text collate "C";
create table t (id int primary key, a d);
insert into t values (1, '');
alter domain d add constraint filled check (value <> '') not valid;
comment on constraint filled on domain d is 'some day';
