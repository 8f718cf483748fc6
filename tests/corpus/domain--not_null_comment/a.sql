-- needs: 18
create domain d as int constraint given not null;
comment on constraint given on domain d is 'why';
