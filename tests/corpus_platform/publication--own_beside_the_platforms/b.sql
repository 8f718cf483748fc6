create table public.a (id int primary key);
create publication mine for table public.a;
create publication other;
