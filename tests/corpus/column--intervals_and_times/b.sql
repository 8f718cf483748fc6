create table t (a interval year to month, b timestamptz(3), c time with time zone, d interval, e bit(8), f bit varying(9));
