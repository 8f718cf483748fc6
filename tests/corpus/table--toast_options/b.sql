create table t(a text) with (fillfactor = 60, toast.autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 9);
