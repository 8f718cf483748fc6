pytest_plugins = ["tests.fix_sandbox", "tests.fix_catalog"]
