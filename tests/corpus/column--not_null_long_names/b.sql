-- needs: 18
create table a_table_with_quite_a_long_name_of_its_own (a_column_with_quite_a_long_name_too int constraint short not null);
