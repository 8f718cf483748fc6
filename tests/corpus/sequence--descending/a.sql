create sequence s increment by -1 maxvalue -1 minvalue -1000 start -1;
