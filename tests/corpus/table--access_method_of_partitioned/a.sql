-- needs: 17
create access method other type table handler heap_tableam_handler;
create table t (id int) partition by list (id) using other;
create table p partition of t for values in (1);
create table u (id int) partition by list (id);
