create schema a; create schema b;
create extension earthdistance schema a cascade;
create extension postgres_fdw schema a;
