-- needs: 18
create extension btree_gist;
create table room (id int, at tstzrange, during int, primary key (id, at without overlaps));
create table stay (room int, at tstzrange, constraint f foreign key (room, period at) references room (id, period at));
