create table t(id int, note text not null default 'n/a', at timestamptz default '2020-01-01 00:00+00');
comment on column t.note is 'why';
