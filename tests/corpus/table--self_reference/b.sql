create table t (id bigint primary key, parent bigint references t on delete cascade);
insert into t values (1, null), (2, 1);
