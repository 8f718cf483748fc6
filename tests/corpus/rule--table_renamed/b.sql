create table t2 (id int); create table log2 (id int);
create rule r as on insert to t2 do also insert into log2 values (new.id);
