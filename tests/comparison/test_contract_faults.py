"""A broken contract is a message with file, line and place, and says what to do."""

from pathlib import Path

import pytest

from comparison.contracts.contract import ContractError, load_contract

HEAD = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\n'
GET = HEAD + "paths:\n  /a:\n    get:\n"
KEY = HEAD + "paths: {/a: {get: {}}}\ncomponents: {securitySchemes: {k: {type: apiKey"
# Each line says ten times what the one before says.
BOMB = "a: &a0 [0]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def refusal(path: Path, text: str | bytes) -> str:
    """The message about a contract, without the name of its folder."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContractError) as caught:
        load_contract(path)
    return str(caught.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ": this cannot be read as YAML: did not find expected"),
        (HEAD + "\ta: 1", "c.yaml:3:1: this cannot be read as YAML: found character"),
        ('{"a": 1\n "b": 2}', "c.yaml:2:2: this cannot be read as JSON: "),
        ('{"a": 1,\n\t"a": 2}', 'c.yaml:2:2: this cannot be read as YAML: the key "a"'),
        (
            b'{"openapi": "\xff"}',
            "c.yaml: this cannot be read as YAML or JSON: 'utf-8'",
        ),
        (
            "a: 1\nb: {c: 1, c: 2}",
            'c.yaml:2:11: this cannot be read as YAML: the key "c',
        ),
        ("a: 1\na: 2", 'the key "a" stands twice. Correct it, then run again.'),
        ("a: !include b", "c.yaml:1:4: this cannot be read as YAML: could not"),
        ("a: &b {c: *b}", "c.yaml: this cannot be read as YAML or JSON: an alias st"),
        (BOMB, "with its aliases written out it has over 2000000 nodes. Correct it"),
        ("a: " + "[" * 250 + "]" * 250, "it is nested deeper than 200 levels."),
        ('{"a": ' + "[" * 250 + "]" * 250 + "}", "it is nested deeper than 200 lev"),
        ('{"a": "\\ud800"}', "c.yaml: this cannot be read as YAML or JSON: 'utf-8'"),
        (
            "",
            "c.yaml is no OpenAPI document: it has no `openapi`. --contract names one.",
        ),
        ("[1]", "c.yaml is no OpenAPI document"),
        (
            'a: 1\nswagger: "2.0"',
            "c.yaml:2: this is Swagger 2.0. Convert it to OpenAPI 3",
        ),
        (
            "openapi: 3.2.0",
            "c.yaml:1: openapi 3.2.0 is not supported, 3.0 and 3.1 are.",
        ),
        ("openapi: 3.10.0", "c.yaml:1: openapi 3.10.0 is not supported"),
    ],
)
def test_what_is_no_openapi_document_is_refused(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    assert said in refusal(tmp_path / "c.yaml", text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "c.yaml:1: the contract has no operation, as `paths` is missing"),
        (HEAD + "paths: {}", "c.yaml:3: paths: the contract has no operation"),
        (HEAD + "paths: []", "c.yaml:3: paths: the contract has no operation"),
        (HEAD + "paths: {/a: {summary: x}}", "no operation under any of its paths"),
        (
            HEAD + "paths: {a: {get: {}}}",
            "c.yaml:3: paths → a: a path must begin with /",
        ),
        (
            HEAD + "paths: {/a: 1}",
            "paths → /a: here must stand an object, not a number.",
        ),
        (GET + "      responses: {20O: {}}", '"20O" is no status: those are 200, 4XX'),
        (
            GET + "      responses: []",
            "responses: here must stand an object, not a list.",
        ),
        (
            GET + "      tags: x",
            "c.yaml:6: paths → /a → get → tags: here must stand a list",
        ),
        (GET + "      operationId: 1", "an operationId must be a text."),
        (GET + "      responses: {$ref: x}", "a reference may replace one object, but"),
        (HEAD + "servers: [{}]\npaths: {}", "servers → 0: a server must have a url."),
        (
            HEAD + 'servers: [{url: "/{v}"}]\npaths: {/a: {get: {}}}',
            'the variable "v" of the url has no default. Add it under variables, then',
        ),
        (
            GET + "      operationId: one\n    put: {operationId: one}",
            'c.yaml:7: paths → /a → put → operationId: the operationId "one" is already'
            " that of GET /a. Give it one of its own, then run again.",
        ),
        (
            HEAD + "paths:\n  /a/{id}:\n    get: {}",
            'c.yaml:5: paths → /a/{id} → get: the path parameter "id" is not declared'
            " under parameters. Add it, then run again.",
        ),
        (
            HEAD + "paths: {'/a/{id': {get: {}}}",
            "each { of a path needs a name and its }",
        ),
        (
            GET + "      parameters:\n        - {name: id, in: path, required: true}",
            'c.yaml:7: paths → /a → get → parameters → 0: the path parameter "id" does'
            " not stand in /a. Add it to the path, or take it away, then run again.",
        ),
        (
            HEAD + 'servers: [{url: "/", variables: [a]}]\npaths: {/a: {get: {}}}',
            "servers → 0 → variables: here must stand an object, not a list. Corr",
        ),
        (
            GET + "      responses: {200: {links: null}}",
            "200 → links: here must stand an object, not nothing. Correct it",
        ),
        (
            GET + "      responses: {200: {links: {l: {parameters: null}}}}",
            "links → l → parameters: here must stand an object, not nothing.",
        ),
        (
            GET + "      responses: {200: {links: {l: {operationId: [a]}}}}",
            "links → l → operationId: here must stand a text, not a list.",
        ),
        (
            KEY + ", in: header}}}",
            "securitySchemes → k: an apiKey must say its `name`. Add it, then run",
        ),
        (KEY + ", in: header, name: 1}}}", "k → name: here must stand a text, not a n"),
        (
            GET + "      parameters: [{in: query}]",
            "a parameter must have a name. Add it",
        ),
        (
            GET + "      parameters: [{name: a, in: body}]",
            "`in` path, query, header or",
        ),
    ],
)
def test_a_broken_path_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path / "c.yaml", text)


def test_several_faults_are_told_at_once_but_not_without_end(tmp_path: Path) -> None:
    paths = "".join(f"  a{number}: {{get: {{}}}}\n" for number in range(9))
    lines = refusal(tmp_path / "c.yaml", f"{HEAD}paths:\n{paths}").splitlines()
    assert lines[0] == "c.yaml:4: paths → a0: a path must begin with /. Correct it."
    assert lines[5:] == ["4 more are not shown.", "Then run again."]


def test_json_with_tabs_and_surrogates_has_lines_too(tmp_path: Path) -> None:
    text = (
        '{\n\t"openapi": "3.1.0",\n\t"info": {"title": "\\ud83d\\ude00"},\n'
        '\t"paths": {\n\t\t"/a/{id}": {\n\t\t\t"get": {}\n\t\t}\n\t}\n}'
    )
    said = refusal(tmp_path / "c.json", text)
    assert said.startswith("c.json:6: paths → /a/{id} → get: the path parameter")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"No such file or directory\. --contract"):
        load_contract(tmp_path / "none.yaml")
