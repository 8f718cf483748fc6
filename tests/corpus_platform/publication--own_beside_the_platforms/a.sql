create table public.b (id int primary key);
create publication mine for table public.b with (publish = 'insert');
