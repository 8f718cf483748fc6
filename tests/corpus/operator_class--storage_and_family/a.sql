create operator family one using gin;
create operator family two using gin;
create operator class words for type text[] using gin family one as operator 1 && (anyarray, anyarray),
  function 2 ginarrayextract(anyarray, internal, internal), function 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
  function 4 ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal), storage text;
