create foreign data wrapper w options (added '', debug 'it''s \ false', "Mode" 'a');
