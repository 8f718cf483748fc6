create domain d as int check (value > 0);
alter domain d owner to anon;
comment on domain d is 'one';
comment on constraint d_check on domain d is 'c';
