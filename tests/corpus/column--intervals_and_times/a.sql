create table t (a interval, b timestamp(3), c time with time zone, d interval day to second(2), e bit(4), f bit varying(8));
