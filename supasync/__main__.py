from supasync.cli.main import main

main()
