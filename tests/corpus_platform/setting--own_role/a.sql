create role crew;
alter role crew set search_path = "$user", public, "Odd, name";
alter role crew set work_mem = '8MB';
