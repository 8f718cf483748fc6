create foreign data wrapper w options (debug 'true', "Mode" 'a', gone 'x');
