-- needs: 17
create access method other type table handler heap_tableam_handler;
create table t (id int) partition by list (id);
create table p partition of t for values in (1) using other;
create table u (id int) partition by list (id) using heap;
