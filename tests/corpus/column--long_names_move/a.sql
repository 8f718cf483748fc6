create table t("日日日日日日日日日日日日日日日日日日日日日" int, abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_one text, abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_two text, z int);
insert into t values (1, 'a', 'b', 2);
