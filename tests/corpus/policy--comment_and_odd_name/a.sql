create table "T t" (a int);
create policy "Users can't ""see""" on "T t" using (true);
comment on policy "Users can't ""see""" on "T t" is 'one';
