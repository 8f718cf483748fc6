create role a login password 'secret' valid until '2030-01-01'; create role b;
