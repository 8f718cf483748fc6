create table t(id int not null);
create unique index k on t(id);
