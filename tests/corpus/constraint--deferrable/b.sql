create table t (a int, b int constraint v unique, constraint u unique (a) deferrable);
create table s (a int, constraint f foreign key (a) references t (b) deferrable initially deferred);
