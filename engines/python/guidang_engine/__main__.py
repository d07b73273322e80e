import os
import sys

# The interpreter runs with -I, which trusts no folder; ours it has to.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

if sys.argv[1:2] == ["build-speakers"]:
    from guidang_engine.campplus import main

    main(sys.argv[2], sys.argv[3])
elif sys.argv[1:2] == ["silk"]:
    from guidang_engine.silk import main

    main()
else:
    from guidang_engine.server import main

    main()
