-- needs: 16
create table t (a text storage external, b text);
