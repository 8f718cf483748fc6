create sequence s as bigint;
