"""The document that a stack publishes, read as the contract is, and more leniently.

What makes a contract useless (two operations of one name, a path parameter that nobody
declares) is no reason to say nothing of a document.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from comparison.contracts.bundle import bundle
from comparison.contracts.contract import Contract, operations_of
from comparison.contracts.document import ContractError, Document, parse
from comparison.contracts.leniency import relax
from comparison.contracts.library import Library
from comparison.contracts.servers import settle
from comparison.contracts.shape import misshapen
from comparison.contracts.upgrade import OLD, upgrade

FLAG = "`openapi` of the stack"


class DriftError(Exception):
    """A document cannot be had or read; the text says why and what to do."""


def read_document(address: str, content: bytes | None = None) -> Contract:
    """The document at a path or URL, or the one that `content` is.

    Raises `DriftError`.
    """
    library = Library(address, flag=FLAG)
    try:
        main = library.read(address) if content is None else parse(address, content)
        return _contract(library, main)
    except ContractError as error:
        raise DriftError(str(error)) from None
    except ValueError as error:
        # A server whose url is none, among others.
        raise DriftError(f"{address}: {error}. Correct it, then run again.") from None


def _contract(library: Library, main: Document) -> Contract:
    version = _version(main)
    bundled = bundle(library, main)
    if version == OLD:
        upgrade(bundled.tree)
    fault = next(misshapen(bundled.tree), None)
    if fault is not None:
        place = bundled.place(fault.way)
        raise DriftError(f"{place}: {fault.text}. {fault.advice}, then run again.")
    relax(bundled)
    settle(bundled.tree, main.address)
    digest = hashlib.sha256(main.content).hexdigest()
    operations = tuple(operations_of(bundled.tree))
    return Contract(main.address, bundled.tree, digest, operations)


def _version(document: Document) -> str:
    tree: Any = document.tree
    found = tree.get("openapi") if isinstance(tree, Mapping) else None
    number = re.match(r"(3\.[01])(\.|$)", str(found))
    if number is None:
        what = "no OpenAPI document" if found is None else f"OpenAPI {found!s:.20}"
        raise DriftError(
            f"{document.address} is {what}, and 3.0 and 3.1 are read. Let {FLAG} give"
            " a document of one of these."
        )
    if not isinstance(tree.get("paths", {}), Mapping):
        raise DriftError(
            f"{document.address}: `paths` is no object. Correct it, then run again."
        )
    tree.setdefault("paths", {})
    return number[1]
