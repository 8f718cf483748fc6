-- needs: 18
create table t (a int constraint k not null, b int, primary key (a, b));
create table u (id int generated always as identity constraint counted not null);
