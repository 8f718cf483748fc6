create table t(id int, who text);
alter table t enable row level security;
create policy p on t to anon using (who = current_user);
create function g() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before update of who on t for each row when (new.who is not null) execute function g();
