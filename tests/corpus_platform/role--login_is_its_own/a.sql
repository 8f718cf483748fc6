create role a; create role b login password 'secret';
