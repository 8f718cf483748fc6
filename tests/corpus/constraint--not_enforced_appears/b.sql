-- needs: 18
create table p (id int primary key);
create table t (a int, constraint f foreign key (a) references p on delete cascade not enforced, constraint c check (a > 0) not enforced);
comment on constraint f on t is 'declared';
