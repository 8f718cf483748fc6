create table u (id bigint primary key, owner name);
create table t (u bigint, a int);
create policy p on t using (exists (select from u where u.id = t.u and u.owner = current_user));
