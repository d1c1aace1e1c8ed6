"""Generated: the OpenAPI document that FastAPI would publish, if `docs.py` did not.

Differs: it has no twin. FastAPI makes a document of the types of the handlers, Express
knows of a handler that it is a function. `python generated.py` prints it, and
`compare.py --only drift` holds it against the contract.
"""

import json

from main import app

if __name__ == "__main__":
    print(json.dumps(app.openapi()))
