create table t (id int);
create rule a as on insert to t do also notify x;
alter table t disable rule a;
create rule b as on insert to t do also notify x;
create rule c as on insert to t do also notify x;
alter table t disable rule c;
create rule d as on insert to t do also notify y;
alter table t disable rule d;
