"""The pieces of files, odd ones too: what a name stands for, and where it ends."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from comparison.code.piece import in_javascript, in_python, words
from comparison.code.side import Side, Source


def side_of(folder: Path, files: Mapping[str, str], name: str = "one") -> Side:
    for file, text in files.items():
        path = folder / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return Side(name, folder / name)


def _handler(folder: Path, file: str, text: str) -> Source:
    found = side_of(folder, {file: text}).handlers("getArticle")
    assert found, "no handler was found"
    return found[0]


@pytest.mark.parametrize(
    ("operation", "python", "javascript"),
    [
        ("getArticle", "get_article", "getArticle"),
        ("GetArticle", "get_article", "getArticle"),
        ("get-article", "get_article", "getArticle"),
        ("articles.list", "articles_list", "articlesList"),
        ("getURLById", "get_url_by_id", "getUrlById"),
        ("login", "login", "login"),
    ],
)
def test_names_in_both_languages(operation: str, python: str, javascript: str) -> None:
    assert in_python(operation) == python
    assert in_javascript(operation) == javascript
    assert words(operation) == words(python) == words(javascript)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("def get_article():\n    pass\n\n\nx = 1\n", 1, 2),
        # Decorators over several lines, and the comments above them.
        (
            "x = 1\n# Why.\n# It is so.\n@router.get(\n    '/',\n)\n@other\n"
            "async def get_article():\n    '''Say.'''\n    return 1\n",
            2,
            10,
        ),
        # The end of a string is no comment.
        ("x = '''\n# no'''\ndef get_article(): pass\n", 3, 3),
        (
            "def app():\n    @app.get('/')\n    def get_article():\n        return '}'",
            2,
            4,
        ),
        ("class Views:\n    async def get_article(self):\n        ...\n", 2, 3),
        ("if True:\n    pass\nelse:\n    def get_article(): ...\n", 4, 4),
        ("def get_article(): ...\n@router.get('/')\ndef get_article(): ...\n", 2, 3),
    ],
)
def test_python(tmp_path: Path, text: str, first: int, last: int) -> None:
    found = _handler(tmp_path, "a.py", text)
    assert (found.first, found.last) == (first, last)
    assert found.text == "\n".join(text.split("\n")[first - 1 : last])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # The whole call of the route, with its comment; braces in strings count not.
        (
            "const x = 1; // no\n/** Say. */\nrouter.get('/a}', use,\n"
            "  async function getArticle(req, res) {\n    res.send('{{{');\n  },\n);\n",
            2,
            7,
        ),
        ("const x = 1; // no\nfunction getArticle() { return `}${'}'}`; }\n", 2, 2),
        ("// Far.\n\n// Near.\nexport async function getArticle() {\n}\n", 3, 5),
        ("export const getArticle = async (req, res) => {\n};\n", 1, 2),
        ("const getArticle = handled(async (req, res) => {\n});\n", 1, 2),
        ("exports.getArticle = function (req, res) {\n};\n", 1, 2),
        ("module.exports = {\n  async getArticle(req) {},\n  other: 1,\n};\n", 2, 2),
        ("module.exports = {\n  getArticle: (req) => {\n  },\n};\n", 2, 3),
        ("export default function getArticle() {\n}\n", 1, 2),
        ("class A {\n  /** Say. */\n  async getArticle() {\n  }\n}\n", 2, 4),
        (
            "export default (db) => {\n  const r = Router();\n"
            "  r.get('/', [\n    async function getArticle() {}]);\n  return r;\n};\n",
            3,
            4,
        ),
        ("r.route('/')\n  .get(async function getArticle() {\n  })\n  .all(x);", 1, 3),
        ("const a = /[}'\"]/;\nfunction getArticle() {}\n", 2, 2),
        # What cannot be read does not hide what comes behind it.
        ("const = ;;\nfunction getArticle() {}\n", 2, 2),
        ("function getArticle() {}\nr.get('/', function getArticle() {});\n", 2, 2),
    ],
)
def test_javascript(tmp_path: Path, text: str, first: int, last: int) -> None:
    found = _handler(tmp_path, "a.js", text)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "const getArticle = 1;",
        "const text = 'function getArticle() {}';",
        "// function getArticle() {}",
        "r.get('/', getArticle);",
        "items.map((getArticle) => getArticle);",
        "const getArticle = items.map((item) => item.article);",
        "export default function () {}",
        "class GetArticle {",
        "`function getArticle() {}`",
    ],
)
def test_what_is_no_handler(tmp_path: Path, text: str) -> None:
    assert not side_of(tmp_path, {"a.js": text}).handlers("getArticle")


def test_unnamed_exports_have_a_name(tmp_path: Path) -> None:
    text = "export default async () => {};"
    [source] = side_of(tmp_path, {"a.js": text}).files["a.js"]
    assert (source.piece.name, source.piece.kind) == ("default", "function")


def test_others_files_are_no_sources(tmp_path: Path) -> None:
    text = "function getArticle() {}"
    names = (
        "node_modules/a.js",
        ".hidden/a.js",
        "a.min.js",
        "eslint.config.js",
        "b.ts",
    )
    side = side_of(tmp_path, {**dict.fromkeys(names, text), "src/a.mjs": text})
    assert list(side.files) == ["src/a.mjs"]


def test_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    side = side_of(tmp_path, {"a.py": "", "a.js": ""})
    (tmp_path / "one/a.py").write_bytes(
        b"\xef\xbb\xbfx = 1\r\n\x0c\r\ndef login(): ..."
    )
    (tmp_path / "one/a.js").write_bytes("'\u2028';\r\nfunction login() {\r\n}".encode())
    found = {Path(one.file).name: one.first for one in side.handlers("login")}
    assert found == {"a.py": 3, "a.js": 2}
    assert not any("\r" in one.text for one in side.functions)


def test_an_operation_without_an_id_has_no_handler(tmp_path: Path) -> None:
    side = side_of(tmp_path, {"a.js": "function getArticles() {}"})
    assert side.handlers("getArticles")
    assert not side.handlers("GET /articles")
