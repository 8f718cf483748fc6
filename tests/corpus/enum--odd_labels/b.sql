create type "E ""e""" as enum ('it''s', 'a"b', 'ü ', '');
