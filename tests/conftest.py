pytest_plugins = [
    "pytester",
    "tests.fix_sandbox",
    "tests.fix_browser",
    "tests.fix_catalog",
    "tests.fix_platform",
]
