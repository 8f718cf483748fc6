create collation c (locale = 'C');
alter collation c owner to authenticated;
