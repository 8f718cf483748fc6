create function bucket(int) returns int language sql immutable as 'select $1 / 10';
create table p (id int, b text) partition by list (bucket(id));
create table p1 partition of p for values in (0, 1);
create table "Q ""odd""" ("Äh" timestamptz, "b%" text) partition by range ("Äh", "b%");
create table "Q 1" partition of "Q ""odd""" for values from ('2024-01-01 00:00+02', 'it''s') to ('2024-02-01', maxvalue);
