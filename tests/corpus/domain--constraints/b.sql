create domain email as text constraint fmt check (value ~ '^.+@.+$') not null;
comment on constraint fmt on domain email is 'shape';
create table t(e email);
comment on domain email is 'mail';
