-- needs: 18
create table t (id int, twice int generated always as (id * 2) virtual, n text);
insert into t values (1, default, 'x');
