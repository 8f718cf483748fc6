create table t (id int, a text); create table log (id int);
create rule r as on insert to t where new.id > 1 do also insert into log values (new.id + 1);
create rule s as on update to t do instead nothing;
create rule e as on update to t do instead nothing;
comment on rule r on t is 'kept';
