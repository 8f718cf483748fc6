"""The first hour: what `supasync init` writes, and what `supasync doctor` looks at."""
