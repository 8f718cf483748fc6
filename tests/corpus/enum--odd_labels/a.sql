create type "E ""e""" as enum ('it''s', 'ü ', '');
