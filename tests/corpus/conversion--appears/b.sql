create conversion one for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create default conversion two for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
comment on conversion one is 'conv';
alter conversion two owner to anon;
