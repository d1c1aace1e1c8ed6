"""Every mistake in `compare.toml` is told: the place, what is there, what may be."""

from pathlib import Path

import pytest

from comparison.configuration.config import ConfigError, load_config

LOGIN = '[users.bob]\nlogin = { request = "POST /login" }\n'
STEP = '[[seed]]\nrequest = "POST /a"\n'
RULE = '[[ignore]]\nwhere = "vary"\nreason = "by design"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "compare.toml"


def refused(file: Path, text: str) -> list[str]:
    """The lines that are said of a file, without its own path."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(file)
    return str(error.value).replace(f"{file}: ", "").splitlines()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("timout = 1", "timout is an unknown key; did you mean timeout? Allowed here:"),
        ("[stacks.a]\nheadrs = {}", "stacks.a.headrs is an unknown key; did you mean"),
        (f"{RULE}wher = 1", "ignore.1.wher is an unknown key; did you mean"),
        (f"{STEP}xyz = 1", "seed.1.xyz is an unknown key. Allowed here: request, as,"),
        ('timeout = "1"', 'timeout is "1", but must be a number.'),
        ("timeout = 0", "timeout is 0, but must be more than 0."),
        ("time = inf", "time is Infinity, but must be a finite number."),
        ("timeout = true", "timeout is true, but must be a number."),
        ('never = "a"', 'never is "a", but must be a list.'),
        ('never = [""]', 'never.1 is "": it must not be empty.'),
        ("contract = 3", "contract is 3, but must be text."),
        ("stacks = 3", "stacks is 3, but must be a table."),
        ("seed = {}", "seed is a table, but must be a list."),
        (
            'fail_on = "visble"',
            "fail_on is \"visble\", but must be 'cosmetic', 'visible', 'breaking' or"
            " 'never'; did you mean visible?",
        ),
        ('reset = "restrat"', "reset is \"restrat\", but must be 'restart' or 'none';"),
        ("reset = {}", "reset.command is missing."),
        ("reset = { command = [] }", "reset.command is a list, but must not be empty."),
        ("reset = { comand = [] }", "reset.comand is an unknown key; did you mean"),
        ('reset = { request = "reset" }', 'reset.request is "reset": it must be "METH'),
        ('[stacks.a]\nurl = "localhost"', 'stacks.a.url is "localhost": it must begin'),
        (
            '[stacks.a]\nurl = "http://a:b"',
            'stacks.a.url is "http://a:b": it must be',
        ),
        ('[stacks.a]\nurl = "http://u@a"', "stacks.a.url is"),
        ('[stacks.a]\nurl = "http://a?b"', "stacks.a.url is"),
        ("[stacks.a]\nheaders = { X = 5 }", "stacks.a.headers.X is 5, but must be"),
        ('[stacks.a]\nheaders = { "a b" = "" }', "stacks.a.headers.a b is"),
        ('[stacks.a]\nheaders = { A = "\\n" }', "stacks.a.headers.A is"),
        ('[stacks."a=b"]', 'stacks.a=b is "a=b": it must be of letters'),
        ('[credentials]\nformat = "Bearer"', "credentials.format is"),
        ('[credentials]\nformat = "{token} {x}"', "credentials.format is"),
        ('[credentials]\nformat = "{token}\\r\\nX: y"', "credentials.format is"),
        (f'{STEP}headers = {{ A = "b\\r\\nX: y" }}', "seed.1.headers.A is"),
        ('[[seed]]\nrequest = "GE T /a"', 'seed.1.request is "GE T /a": it must be'),
        (LOGIN, "users.bob.token is missing."),
        (f'{LOGIN}token = "token"', "users.bob.token is"),
        (f'{LOGIN}token = "header:"', "users.bob.token is"),
        ('[users.anonymous]\ntoken = "/t"', 'users.anonymous is "anonymous": it must'),
        ("[[seed]]", "seed.1.request is missing."),
        ('[[seed]]\nrequest = "get /a"', 'seed.1.request is "get /a": it must be'),
        (f"{STEP}expect = 99", "seed.1.expect is 99, but must be at least 100."),
        (f"{STEP}times = 1.5", "seed.1.times is 1.5, but must be a whole number."),
        (f'{STEP}hex = "0"', 'seed.1.hex is "0", but must be bytes in hexadecimal'),
        (f'{STEP}json = 1\ntext = "1"', "seed.1 has json and text, and may have one"),
        (f'{STEP}save = {{ a.b = "c" }}', 'seed.1.save.a.b is "c": it must be a JSON'),
        ('[[ignore]]\nwhere = "a"', "ignore.1.reason is missing."),
        (
            RULE.replace("by design", " "),
            'ignore.1.reason is " ": it must not be empty',
        ),
        (RULE.replace("vary", "*"), "ignore.1 ignores every difference; name a place"),
        (f'{RULE}kind = "hader"', "ignore.1.kind is"),
        (
            '[[tolerance]]\nwhere = "/a"\nreason = "b"',
            "tolerance.1 needs `absolute`",
        ),
        ('[[severity]]\nseverity = "high"', "severity.1.severity is"),
        (
            "[[generated]]\noperations = []",
            "generated.1.operations is a list, but",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(file: Path, text: str, says: str) -> None:
    *mistakes, advice = refused(file, text)
    assert any(mistake.startswith(says) for mistake in mistakes), mistakes
    assert advice == "docs/configuration.md tells every key."


def test_an_unknown_kind_of_difference_is_told_with_those_that_are(file: Path) -> None:
    mistake, _ = refused(file, f'{RULE}kind = "hader"')
    assert "did you mean header?" in mistake
    assert "media-type" in mistake


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    found = refused(file, 'timeout = 0\nfoo = 1\n[stacks.a]\nurl = "x"\n[[seed]]\n')
    assert len(found) == 4 + 1


@pytest.mark.parametrize(
    "text",
    [
        '[stacks.a]\ntokens = { bob = "swordfish\\n" }',
        '[stacks.a]\nheaders = { X = "${env:WORD}\\n" }',
        'timeout = "${env:WORD}"',
        f'{STEP}hex = "0"\nheaders = {{ Authorization = ["swordfish"] }}',
    ],
)
def test_no_mistake_tells_a_secret(
    file: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("WORD", "swordfish")
    assert "swordfish" not in "\n".join(refused(file, text))


def test_long_values_are_cut(file: Path) -> None:
    (mistake, _) = refused(file, f'timeout = "{"x" * 500}"')
    assert len(mistake) < 120


# Between tables


def test_what_runs_already_cannot_be_restarted(file: Path) -> None:
    stack = '[stacks.old]\nurl = "http://127.0.0.1:3000"\n'
    for text in (f'reset = "restart"\n{stack}', f'{stack}reset = "restart"\n'):
        assert refused(file, text)[0].startswith("stacks.old has a url, so it runs")
    file.write_text(f'reset = "restart"\n{stack}reset = "none"\n', encoding="utf-8")
    assert load_config(file).reset_of("old").how == "none"


def test_a_user_has_a_login_or_tokens_and_not_both(file: Path) -> None:
    text = f'{LOGIN}token = "/t"\n[stacks.old]\ntokens = {{ bob = "token-1" }}\n'
    assert refused(file, text)[0].startswith("users.bob logs in and has a token in")


def test_an_operation_is_bound_once(file: Path) -> None:
    text = '[[generated]]\noperations = ["a", "b"]\n[[generated]]\noperations = ["b"]\n'
    assert refused(file, text)[0] == "generated: b stands in two entries; join them."


# The file itself


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_config(file)


def test_what_is_no_toml_is_told_with_its_line(file: Path) -> None:
    assert "line 2" in refused(file, "a = 1\nb = = 2\n")[0]
    file.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="is not TOML"):
        load_config(file)
