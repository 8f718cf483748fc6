create table t (a int[], b text[][], c numeric(10,2)[], d varchar(5)[]);
