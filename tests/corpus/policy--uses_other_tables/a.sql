create table u (id int primary key, owner text);
create table t (u int, a int);
create policy p on t using (exists (select from u where u.id = t.u and u.owner = current_user));
