create operator class one default for type pg_lsn[] using hash as operator 1 = (anyarray, anyarray), function 1 hash_array(anyarray);
create operator class two for type pg_lsn[] using hash as operator 1 = (anyarray, anyarray), function 1 hash_array(anyarray);
