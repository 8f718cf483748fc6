-- needs: 18
create table t (a int, b int constraint k2 not null, primary key (a, b));
create table u (id int constraint other not null);
