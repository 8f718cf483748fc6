create table t (id int, a text); create table log (id int);
create rule r as on insert to t do also insert into log values (new.id);
create rule s as on delete to t do instead nothing;
create rule e as on update to t do also notify x;
comment on rule r on t is 'kept';
