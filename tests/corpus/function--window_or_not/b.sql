create function w() returns bigint language internal as 'window_row_number';
