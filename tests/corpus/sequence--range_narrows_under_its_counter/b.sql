create sequence s maxvalue 50;
create sequence d minvalue 100000 start 200000;
