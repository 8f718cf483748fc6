create role a; create role b; create role c;
grant a to b; grant a to c with admin option;
