create domain d as int check (value > 0);
grant usage on domain d to anon;
comment on domain d is 'two';
comment on constraint d_check on domain d is 'd';
