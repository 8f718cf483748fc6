create table t (a int, constraint u unique (a));
create table s (a int, constraint f foreign key (a) references t (a) deferrable initially deferred);
