-- needs: 18
create extension btree_gist;
create table room (id int, at daterange, constraint room_uq unique (id, at without overlaps));
create table stay (id int, room int, at daterange);
