create function w(int) returns int language internal window immutable as 'window_lag';
