import os
import sys

# The interpreter runs with -I, which trusts no folder; ours it has to.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from guidang_engine.server import main  # noqa: E402

main()
