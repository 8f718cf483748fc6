-- needs: 18
create table t (a int not null, c text not null);
