create table t (id int);
create rule a as on insert to t do also notify x;
create rule b as on insert to t do also notify x;
alter table t enable replica rule b;
create rule c as on insert to t do also notify x;
alter table t enable always rule c;
create rule d as on insert to t do also notify x;
alter table t disable rule d;
