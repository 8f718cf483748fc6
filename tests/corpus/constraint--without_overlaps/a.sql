-- needs: 18
create extension btree_gist;
create table room (id int, at daterange, constraint room_pk primary key (id, at without overlaps));
create table stay (id int, room int, at daterange, constraint stay_fk foreign key (room, period at) references room (id, period at));
