"""Validators of the contract's schemas, compiled once."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import jsonschema_rs

from comparison.contracts.contract import Contract
from comparison.contracts.direction import REPLY, directed

MOST_ERRORS = 3


@dataclass
class Schemas:
    """How values break the schemas of a contract; what was compiled is kept."""

    contract: Contract
    _validators: dict[tuple[int, bool], Any] = field(default_factory=dict)

    def errors(self, schema: Any, value: Any, sent: bool = False) -> list[Any]:
        """How `value` breaks `schema`, as replies mean it, or as what is `sent`.

        Raises `UnicodeEncodeError` where an unpaired surrogate is in `value`.
        """
        # The document outlives this, so that no other schema gets this number.
        key = id(schema), sent
        if key not in self._validators:
            self._validators[key] = self._compiled(schema, sent)
        return list(islice(self._validators[key].iter_errors(value), MOST_ERRORS))

    def _compiled(self, schema: Any, sent: bool) -> Any:
        contract = self.contract
        components = contract.request_components if sent else contract.reply_components
        if not sent:
            schema = directed(schema, REPLY, contract.resolve)
        whole = {"allOf": [schema], "components": components}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
