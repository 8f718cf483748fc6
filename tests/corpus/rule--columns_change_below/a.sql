create table t (id int, a text); create table log (id int, a text);
create rule r as on insert to t do also insert into log values (new.id, new.a);
insert into t values (1, 'x');
