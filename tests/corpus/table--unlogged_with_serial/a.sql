create unlogged table t (id serial primary key, k int generated always as identity);
