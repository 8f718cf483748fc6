create extension btree_gist;
create table p(id int primary key);
create table t(a int, b int, r int4range, constraint k primary key (a) include (b) with (fillfactor = 80), constraint u unique nulls not distinct (b) deferrable initially deferred, constraint c check (a > b) no inherit, constraint f foreign key (b) references p on update cascade on delete set null, constraint x exclude using gist (a with =, r with &&) where (a > 0));
comment on constraint f on t is 'fk';
comment on constraint k on t is 'pk';
