-- needs: 16
create role a; create role b; create role c noinherit;
grant a to b with inherit false, set false; grant a to c with inherit true;
