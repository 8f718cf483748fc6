create table t (a text, b text, c text, d int[], e text);
alter table t alter b set storage main, alter c set storage extended, alter e set storage external;
