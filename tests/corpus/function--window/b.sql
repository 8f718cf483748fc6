create function w(int) returns int language internal window stable as 'window_lead';
