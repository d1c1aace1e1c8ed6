"""What a server may say to be obeyed by whoever shows a report."""

from typing import Any

from comparison.findings.results import Breakdown, Finding
from comparison.run import Run
from tests.comparison import sample, speed_sample

HOSTILE = (
    "<script>alert(1)</script>",
    "<!-- comment",
    "</code></summary></details><img src=x onerror=alert(1)>",
    "]]>",
    "<![CDATA[",
    "&lt;b&gt; &#x3c;script&#62;",
    "::error file=x::owned",
    "\n::stop-commands::owned",
    "\r\n  ::add-mask::owned",
    "\n\n\t::warning::owned",
    "##[error]owned",
    "##vso[task.setvariable variable=x]owned",
    "##teamcity[testFailed name='x']",
    "%0A::error::owned",
    "title=a,line=2::owned",
    "\x1b[2J\x1b[31mred",
    "\x9b31mred",
    "\x00\x07\x0b",
    "\ud800 half a pair",
    "\ufffe\uffff",
    "\u202egnp.exe",
    "\u2028new line\u2029",
    "[link](javascript:alert(1))",
    "![image](http://evil.example/x.png)",
    "[reference]: http://evil.example",
    "```\n# heading\n```\n~~~",
    "`" * 9,
    "` ",
    "\\`",
    "    indented",
    "\n\n# heading\n\n- list\n\n> quote\n\n---\n",
    "a | b \\| c |",
    "@everyone https://evil.example www.evil.example me@evil.example #1",
    "{0} {{1}} ${{ secrets.TOKEN }}",
    "$(id) `id`",
    "x" * 100_000,
)


def hostile_run() -> Run:
    """A run of which every name, value, header and body is one of them."""
    results = [_finding(text, number) for number, text in enumerate(HOSTILE)]
    broken = [
        sample.violation(
            text, stack=HOSTILE[n % 9], where=text, message=text, rule=text, plan=text
        )
        for n, text in enumerate(HOSTILE)
    ]
    run = sample.whole(
        *results,
        *broken,
        operations=["getItem", "listItems", *HOSTILE],
        stacks=[{"name": text, "title": text, "url": text} for text in HOSTILE[:9]],
        contract={"title": HOSTILE[0] + HOSTILE[7], "path": HOSTILE[0], "sha256": ""},
        asked=HOSTILE[:-2],
        contract_rules=dict(zip(HOSTILE, HOSTILE, strict=True)),
        contract_operations={
            text: {"summary": text, "replies": {text: text}, "rules": [text]}
            for text in HOSTILE
        },
    )
    run.breakdowns += [
        Breakdown(text, text, text, text, text, text) for text in HOSTILE[:9]
    ]
    run.stale += [
        {"operation": text, "kind": text, "where": text, "reason": text, "why": text}
        for text in HOSTILE
    ]
    run.incomplete = dict(zip(HOSTILE, HOSTILE, strict=True))
    run.speed = speed_sample.hostile(HOSTILE)
    return run


def _finding(text: str, number: int) -> Finding:
    reply = {"status": 200, "headers": [[text, text]], "body": text}
    other = {"status": 500, "headers": [], "body": {text: [text]}}
    failure: dict[str, Any] = {
        "status": None,
        "headers": [],
        "body": None,
        "failure": text,
    }
    names = tuple(f"{text[:40]}{n}" for n in range(3))
    return sample.finding(
        text,
        where=text,
        trigger=text,
        theme=text,
        groups=[[name] for name in names],
        values=[text, "other", text],
        blamed=[names[1]],
        rules=[text] * 12,
        lacks=text,
        plan={"id": text, "rules": [text], "steps": [{"request": text}]},
        request=text,
        replies=dict(zip(names, (reply, other, failure), strict=True)),
        reproduce=dict.fromkeys(names, text),
        handlers=dict.fromkeys(names, f"{number}/{text[:50]}.py:3"),
        known=text if number % 3 == 0 else None,
        stable=number % 4 != 0,
    )
