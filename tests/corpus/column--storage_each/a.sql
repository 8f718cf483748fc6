create table t (a text, b text, c text, d int[], e text);
alter table t alter a set storage plain, alter b set storage external, alter c set storage main, alter d set storage external;
