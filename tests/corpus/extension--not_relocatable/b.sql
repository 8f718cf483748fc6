create schema a; create schema b;
create extension earthdistance schema b cascade;
create extension postgres_fdw schema b;
