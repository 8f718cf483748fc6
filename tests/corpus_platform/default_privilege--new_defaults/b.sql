create table public.t (id int);
create table public.u (id int);
