create table t (a text storage plain, b text storage external, c text storage main, d int[] storage external, e text);
