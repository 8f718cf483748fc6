create table parent (a int);
create table child (c int default 7) inherits (parent);
alter table parent add b text default 'x'; alter table child add d int not null default 9;
alter table parent add constraint ck check (a > 0); alter table child alter b set default 'y';
comment on column child.b is 'bee'; comment on constraint ck on child is 'see';
