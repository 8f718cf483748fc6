-- needs: 18
create domain d as int constraint given not null check (value > 0);
create domain e as int not null;
