create table t (a int, constraint u unique (a) deferrable initially deferred);
create table s (a int, constraint f foreign key (a) references t (a));
