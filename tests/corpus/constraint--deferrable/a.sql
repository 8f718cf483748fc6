create table t (a int, b int constraint v unique, constraint u unique (a) deferrable initially deferred);
create table s (a int, constraint f foreign key (a) references t (b));
