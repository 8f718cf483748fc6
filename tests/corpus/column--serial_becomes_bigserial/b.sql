create table t (id bigserial, n text);
