create sequence s maxvalue 100;
do $$ begin perform setval('s', 60); end $$;
create sequence d as smallint minvalue -9 maxvalue 9 start 0;
