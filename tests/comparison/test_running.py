"""Stacks: found healthy only if it is they, and ended whatever comes between."""

import subprocess
import sys
from typing import Any

import pytest

from comparison.contracts.contract import load_contract
from comparison.exchanges.execute import Team, Terms
from comparison.fleet import Fleet, Setting
from comparison.ports import OWN, free_ports
from comparison.running import RunningStack, StackError, attach
from comparison.stacks import ROOT, load_stacks, start
from tests.comparison.conftest import TOY
from tests.comparison.test_client import serving
from tests.servers import Servers

HEALTHY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _stack(port: int, process: subprocess.Popen[bytes] | None = None) -> RunningStack:
    url = f"http://127.0.0.1:{port}"
    return RunningStack("one", "One", url, port, process=process)


def test_a_proxy_of_the_environment_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(lambda connection: connection.sendall(HEALTHY)) as port:
        _stack(port).wait(1)


def test_what_is_not_http_is_not_healthy() -> None:
    refused = pytest.raises(StackError, match="gave no answer")
    with serving(lambda one: one.sendall(b"hello\r\n\r\n")) as port, refused:
        _stack(port).wait(0.2)


def test_another_server_on_the_port_is_not_the_stack() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    process.wait()
    refused = pytest.raises(StackError, match="exit code 0")
    with serving(lambda one: one.sendall(HEALTHY)) as port, refused:
        _stack(port, process).wait(1)


def test_an_address_of_ipv6_has_its_brackets() -> None:
    team = Team(
        [attach("six", "http://[::1]:81")], load_contract(TOY / "openapi.yaml"), Terms()
    )
    assert [lane.host for lane in team.lanes] == ["[::1]:81"]
    team.close()


def test_where_one_of_several_does_not_start_none_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    servers = Servers(load_stacks(TOY / "stacks.toml"), lambda _: None)
    started: list[RunningStack] = []

    def remembering(*arguments: Any, **named: Any) -> RunningStack:
        started.append(start(*arguments, **named))
        return started[-1]

    monkeypatch.setattr("comparison.stacks.start", remembering)
    with pytest.raises(StackError, match="did not start"):
        servers.sharing(["right", "start"], "sqlite")
    assert [stack.alive for stack in started] == [False]
    servers.close(keep_logs=False)


def test_ports_are_all_different() -> None:
    assert len(set(free_ports(50))) == 50


def test_two_processes_are_not_given_the_same_ports() -> None:
    code = "from comparison.ports import OWN, free_ports; print(*free_ports(OWN))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True
    )
    theirs = {int(port) for port in done.stdout.split()}
    assert len(theirs) == OWN
    assert not theirs & {*free_ports(OWN)}


def test_where_all_ports_of_a_process_are_taken_the_system_gives_others() -> None:
    assert len(set(free_ports(OWN + 50))) == OWN + 50


def test_an_interruption_while_stopping_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contract = load_contract(TOY / "openapi.yaml")
    fleet = Fleet(Setting([], contract, TOY))
    stacks = load_stacks(TOY / "stacks.toml")
    running = [start(stacks.get(name)) for name in ("right", "twin")]
    fleet.running = list(running)

    def interrupt(_: RunningStack) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(RunningStack, "stop", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fleet.end()
    assert not any(stack.alive for stack in running)
