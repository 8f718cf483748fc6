create sequence s increment by 2 minvalue 0 maxvalue 10 start 4 cycle cache 7;
