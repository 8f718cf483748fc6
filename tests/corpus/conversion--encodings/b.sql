create schema s;
create conversion s."My Conv" for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
comment on conversion s."My Conv" is 'other';
