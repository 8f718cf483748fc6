-- needs: 18
create domain d as int constraint other not null check (value > 0);
create domain e as int constraint now_named not null;
