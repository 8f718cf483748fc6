create role crew noinherit; grant crew to authenticator; grant authenticated to crew;
