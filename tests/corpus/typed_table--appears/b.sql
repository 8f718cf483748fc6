create type pair as (a int, b text);
create table t (a int, b text);
create table u of pair (a with options primary key, b default 'q' not null, check (a > 0));
comment on column u.a is 'aye';
