-- needs: 18
create table was (a int not null, b text not null);
alter table was rename to t;
alter table t rename b to c;
