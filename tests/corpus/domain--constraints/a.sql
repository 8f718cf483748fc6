create domain email as text constraint fmt check (value ~ '@') default 'a@b';
create table t(e email);
