"""`compare.toml`: what it gives, and how every mistake in it is told."""

from pathlib import Path

import pytest

from comparison.configuration.checks import TAKEN
from comparison.configuration.config import Config, ConfigError, load_config
from comparison.configuration.rules import Ignore, Regrade, Tolerance, Unordered
from comparison.contracts.contract import Operation
from comparison.plans import identity
from comparison.plans.plan import Step, build
from comparison.plans.scenarios import Binding

WHY = 'reason = "by design"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "compare.toml"


def load(file: Path, text: str) -> Config:
    file.write_text(text, encoding="utf-8")
    return load_config(file)


def refused(file: Path, text: str) -> str:
    """What is said of a file that has mistakes, without its own path."""
    with pytest.raises(ConfigError) as error:
        load(file, text)
    return str(error.value).replace(f"{file}: ", "")


# What it gives


def test_an_empty_file_is_the_default(file: Path) -> None:
    assert load(file, "") == Config(path=file)


def test_paths_are_relative_to_the_file_and_a_url_is_a_url(file: Path) -> None:
    config = load(file, 'contract = "a.yaml"\nscenarios = "b/c.yaml"\nknown = "/d"\n')
    assert config.contract == str(file.parent / "a.yaml")
    assert config.scenarios == file.parent / "b" / "c.yaml"
    assert config.known == Path("/d")
    url = "https://example.org/openapi.json"
    assert load(file, f'contract = "{url}"').contract == url


def test_numbers_and_words_at_the_top(file: Path) -> None:
    config = load(
        file,
        'reference = "old"\ntimeout = 2.5\ntime = 60\nfail_on = "breaking"\n'
        'never = ["a", "tag:b"]\nreset = "none"\n',
    )
    assert (config.reference, config.timeout, config.time) == ("old", 2.5, 60)
    assert (config.fail_on, config.never) == ("breaking", ("a", "tag:b"))
    assert config.reset.how == "none"


def test_a_stack_has_its_own_settings(file: Path) -> None:
    config = load(
        file,
        '[stacks.old]\nurl = "http://127.0.0.1:3000/v1"\nsecret = "signing"\n'
        'headers = { X-Tenant = "blue" }\ntokens = { alice = "token-1" }\n',
    )
    old = config.settings("old")
    assert old.url == "http://127.0.0.1:3000/v1"
    assert (old.headers, old.tokens) == ({"X-Tenant": "blue"}, {"alice": "token-1"})
    assert old.secret == "signing"
    assert config.settings("new").url is None


def test_a_stack_is_reset_in_its_own_way_before_the_common_one(file: Path) -> None:
    config = load(
        file,
        'reset = "none"\n'
        '[stacks.a]\nreset = { command = ["make", "reset"], timeout = 5 }\n'
        '[stacks.b]\nreset = { request = "POST ~/reset", as = "root", expect = 204 }\n'
        "[stacks.c]\n",
    )
    command, request = config.reset_of("a"), config.reset_of("b")
    assert (command.how, command.command) == ("command", ("make", "reset"))
    assert (command.folder, command.timeout) == (file.parent, 5)
    assert request.how == "request"
    assert request.request == Step("POST ~/reset", "root", status=204)
    assert config.reset_of("c").how == config.reset_of("d").how == "none"


def test_the_world_is_the_logins_and_then_the_seed(file: Path) -> None:
    config = load(
        file,
        '[[seed]]\nas = "bob"\nrequest = "POST /things"\ntimes = 2\n'
        'json = { name = "${n} ${run}" }\nsave = { thing = "" }\nexpect = 201\n'
        '[users.bob]\ntoken = "header:X-Token"\n'
        'login = { request = "POST /login", json = {}, save = { bob.id = "/id" } }\n',
    )
    login, first, second = config.world
    assert login.save == {"bob.id": "/id", "bob.token": "header:X-Token"}
    assert login.json == ({},)
    assert (first.identity, first.status) == ("bob", 201)
    assert first.json == ({"name": "1 ${run}"},)
    assert second.json == ({"name": "2 ${run}"},)


def test_a_form_is_encoded_around_its_placeholders(file: Path) -> None:
    config = load(
        file,
        '[[seed]]\nrequest = "POST /login"\nheaders = { Accept = false }\n'
        'form = { "user name" = "a+${run}@x.org", password = "p&q" }\n',
    )
    request = build(config.world[0], {"run": "r1"}, "host", "")
    assert request.body == b"user+name=a%2Br1%40x.org&password=p%26q"
    assert dict(request.headers)["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Accept" not in dict(request.headers)


def test_generated_cases_are_bound_by_operation(file: Path) -> None:
    config = load(
        file,
        '[[generated]]\noperations = ["get", "put"]\nas = "bob"\n'
        'path = { id = "${own.id}" }\nbefore = [{ request = "POST /things" }]\n',
    )
    binding = Binding("bob", {"id": "${own.id}"}, (Step("POST /things"),))
    assert config.bindings == {"get": binding, "put": binding}


def test_rules_are_read_in_order(file: Path) -> None:
    rules = load(
        file,
        f'[[ignore]]\nwhere = "vary"\n{WHY}[[ignore]]\nkind = "t*"\nwhere = "/a"\n{WHY}'
        f'[[unordered]]\noperation = "list"\nwhere = "/tags"\n{WHY}'
        f'[[tolerance]]\nwhere = "/score"\nabsolute = 1\nrelative = 0.5\n{WHY}'
        '[[severity]]\nkind = "header"\nseverity = "breaking"\n',
    ).rules
    assert rules.ignores == (
        Ignore("vary", "by design"),
        Ignore("/a", "by design", kind="t*"),
    )
    assert rules.unordered == (Unordered("/tags", "by design", "list"),)
    assert rules.tolerances == (Tolerance("/score", "by design", "*", 1, 0.5),)
    assert rules.regrades == (Regrade("*", "breaking", kind="header"),)


def test_the_credentials_say_how_a_token_is_sent(file: Path) -> None:
    config = load(file, '[credentials]\nheader = "Cookie"\nformat = "sid={token}; a=b"')
    assert config.credentials is not None
    assert config.credentials.header == "Cookie"
    assert config.credentials.value("x") == "sid=x; a=b"
    assert load(file, "").credentials is None


# Secrets


def test_the_environment_fills_texts_anywhere(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_URL", "http://127.0.0.1:3000")
    monkeypatch.setenv("WORD", "swordfish")
    config = load(
        file,
        '[stacks.old]\nurl = "${env:HOST_URL}"\nheaders = { X = "a ${env:WORD}" }\n'
        '[[seed]]\nrequest = "POST /x"\njson = [{ a = ["${env:WORD}"] }]\n',
    )
    assert config.stacks["old"].url == "http://127.0.0.1:3000"
    assert config.stacks["old"].headers == {"X": "a swordfish"}
    assert config.world[0].json == ([{"a": ["swordfish"]}],)
    # An address is no secret, and hidden it would take half of a report with it.
    assert config.secrets == {"swordfish"}


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_missing_is_told_with_its_place(
    file: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("WORD", raising=False)
    if value is not None:
        monkeypatch.setenv("WORD", value)
    said = refused(file, '[stacks.old]\ntokens = { bob = "${env:WORD}" }')
    assert said.startswith("stacks.old.tokens.bob needs $WORD of the environment")
    assert said.endswith("export WORD=…")


def test_every_secret_is_known_to_the_mask(file: Path) -> None:
    config = load(
        file,
        '[stacks.old]\nsecret = "signing"\ntokens = { bob = "token-1" }\n'
        'headers = { Authorization = "Basic cGFzcw", Cookie = "a=sid-1;b=2" }\n'
        '[users.alice]\ntoken = "/t"\nlogin = { request = "POST /login?api_key=key-1",'
        ' json = { email = "a@x.org", user = { password = "pass-1" } } }\n'
        '[[seed]]\nrequest = "POST /a"\nform = { a = "b", client_secret = "form-1" }\n'
        '[[seed]]\nrequest = "POST /b"\ntext = \'{"pwd": "text-1", "token": "x"}\'\n'
        '[[seed]]\nrequest = "POST /c"\nheaders = { X-Api-Key = "${alice.key}" }\n'
        '[[seed]]\nrequest = "POST /c"\nheaders = { X-Auth = "auth-1" }\n'
        '[[generated]]\noperations = ["g"]\n'
        'before = [{ request = "POST /d", json = { password = ["list-1"] } }]\n',
    )
    assert config.secrets == {
        *("signing", "token-1", "Basic cGFzcw", "cGFzcw", "a=sid-1;b=2", "sid-1"),
        *("key-1", "pass-1", "form-1", "text-1", "list-1", "auth-1"),
    }


# The contract


def test_operations_that_the_contract_lacks_are_mistakes(file: Path) -> None:
    config = load(file, 'never = ["getTing"]\n[[generated]]\noperations = ["getTing"]')
    with pytest.raises(ConfigError) as error:
        config.check([Operation("getThing", "GET", "/things/{id}", {})])
    assert "never: 'getTing' fits no operation" in str(error.value)
    assert "did you mean getThing?" in str(error.value)
    assert "generated: getTing is no operation" in str(error.value)
    config.check([Operation("getTing", "GET", "/things/{id}", {})])


def test_users_are_not_called_as_identities_are() -> None:
    assert {*identity._MINTED, identity.ANONYMOUS} <= TAKEN
    assert {"run", "unique"} <= TAKEN
