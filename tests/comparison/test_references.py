"""References: they reply what the stacks reply, byte for byte."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest

from comparison.speed.rows import seed
from comparison.stacks import load_stacks, start

STACKS = load_stacks()
READS = {
    "getArticle": "/api/articles/article-7",
    "getProfile": "/api/profiles/user-1",
    "listArticles": "/api/articles",
    "listComments": "/api/articles/article-7/comments",
    "listTags": "/api/tags",
}
REFERENCES = {
    "fastapi": ("only-fastapi", "only-starlette", "only-uvicorn"),
    "express": ("only-express", "only-node"),
}


def read(url: str) -> bytes:
    with urlopen(url) as reply:  # noqa: S310 - of a stack that runs here
        body: bytes = reply.read()
        return body


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("references") / "some.db"
    seed(file, articles=100)
    return file


@pytest.mark.parametrize("name", REFERENCES)
def test_references_reply_the_same_bytes(
    name: str, database: Path, tmp_path: Path
) -> None:
    with start(STACKS.get(name), database=f"sqlite:///{database}") as stack:
        texts = {path: read(stack.url + path) for path in READS.values()}
    replies = [
        {"operation": operation, "path": path, "body": json.loads(texts[path])}
        for operation, path in READS.items()
    ]
    file = tmp_path / "replies.json"
    file.write_text(json.dumps(replies), encoding="utf-8")
    for reference in REFERENCES[name]:
        with start(STACKS.get(reference), environment={"REPLIES": str(file)}) as one:
            assert {path: read(one.url + path) for path in texts} == texts, reference


@pytest.mark.parametrize("reference", [*REFERENCES["fastapi"], *REFERENCES["express"]])
def test_a_reference_without_replies_says_what_it_lacks(reference: str) -> None:
    with pytest.raises(Exception, match="REPLIES is not set: let it name a JSON file"):
        start(STACKS.get(reference))
