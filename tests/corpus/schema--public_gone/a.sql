drop schema public;
create schema app;
