create unlogged sequence s;
create sequence r;
