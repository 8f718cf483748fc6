create schema "O C";
