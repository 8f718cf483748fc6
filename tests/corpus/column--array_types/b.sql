create table t (a bigint[], b varchar(10)[], c numeric(12,3)[], d text[]);
