create role "odd %I %s";
