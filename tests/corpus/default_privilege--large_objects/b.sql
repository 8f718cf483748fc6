-- needs: 18
alter default privileges grant select, update on large objects to authenticated;
