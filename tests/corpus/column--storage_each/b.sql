create table t (a text, b text storage main, c text storage extended, d int[], e text storage external);
