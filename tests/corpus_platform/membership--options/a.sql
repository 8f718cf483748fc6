-- needs: 16
create role a; create role b; create role c noinherit;
grant a to b; grant a to c;
