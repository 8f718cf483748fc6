create table t (x int, id bigint, a text); create table log (a text, id bigint);
create rule r as on insert to t do also insert into log values (new.a, new.id);
insert into t values (0, 1, 'x');
