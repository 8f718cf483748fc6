create schema "Odd Types";
