insert into storage.buckets (id, name) values ('O''Brien "x" \ ü', 'O''Brien "x" \ ü');
