insert into storage.buckets (id, name, public) values ('b', 'b', false), ('same', 'same', true);
