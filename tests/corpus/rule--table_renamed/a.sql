create table t1 (id int); create table log (id int);
create rule r as on insert to t1 do also insert into log values (new.id);
