create type mood as enum ('sad', 'o''k');
