create table "T t" (a int);
create policy "Users can't ""see""" on "T t" for delete using (a = 1);
comment on policy "Users can't ""see""" on "T t" is 'two';
