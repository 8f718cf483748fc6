-- needs: 16
create table t (a text, b text storage main);
