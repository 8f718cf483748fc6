"""What people see in a browser: the branches, each one's difference, history and present run.

All of it is made on the server; without JavaScript it can be read and its buttons work. `routes`
has the addresses, `admission` who may use them, `overview` and `branch` the pages.
"""
