create schema s;
create conversion s."My Conv" for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
comment on conversion s."My Conv" is 'one';
