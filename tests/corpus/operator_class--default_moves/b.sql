create operator class one for type pg_lsn[] using hash as operator 1 = (anyarray, anyarray), function 1 hash_array(anyarray);
create operator class two default for type pg_lsn[] using hash as operator 1 = (anyarray, anyarray), function 1 hash_array(anyarray);
