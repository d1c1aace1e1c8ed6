/** References: replies from memory, with nothing around them but the framework or less.
 *
 * They are no part of the stack: what a stack takes beyond them is what it does itself.
 * The file that REPLIES names has them: a list of `operation` (the contract's
 * operationId), `path` (without a query) and `body`, at most one of each operation.
 * `node references.js express` starts one of the two; the other is `server`.
 *
 * Differs: FastAPI stands on Starlette, a third one there. Express stands on `node:http`.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import express from "express";

/** @import { RequestListener } from "node:http" */

const HEALTHY = { operation: "getHealth", path: "/health", body: { status: "ok" } };

/**
 * Return the replies, and one that says that the server can serve.
 * @returns {(typeof HEALTHY)[]}
 */
function readReplies() {
  const file = process.env.REPLIES;
  if (file === undefined) {
    console.error("REPLIES is not set: let it name a JSON file of replies.");
    process.exit(1);
  }
  return [HEALTHY, ...JSON.parse(readFileSync(file, "utf8"))];
}

const REPLIES = readReplies();

// The server: bytes that are ready, as no application has them.
const TEXTS = new Map(
  REPLIES.map(({ path, body }) => [path, Buffer.from(JSON.stringify(body))]),
);

/** Reply as an application without any framework does. @type {RequestListener} */
function server(req, res) {
  const [path] = (req.url ?? "").split("?");
  const text = TEXTS.get(path);
  res.setHeader("Content-Length", text?.length ?? 0);
  res.setHeader("Content-Type", "application/json");
  res.end(text);
}

// The framework, as a tutorial uses it: the paths of the operations, and the reply as an
// object, of which the framework makes JSON.
// Differs: FastAPI also reads parameters, and writes by a model, which Express has not.
// In the order in which they are asked.
const OPERATIONS = {
  getHealth: "/health",
  listArticles: "/api/articles",
  getFeed: "/api/articles/feed",
  getArticle: "/api/articles/:slug",
  listTags: "/api/tags",
  listComments: "/api/articles/:slug/comments",
  getProfile: "/api/profiles/:username",
};
const BODIES = new Map(REPLIES.map(({ operation, body }) => [operation, body]));

const app = express();
for (const [operation, path] of Object.entries(OPERATIONS)) {
  if (BODIES.has(operation)) {
    app.get(path, (_req, res) => {
      res.json(BODIES.get(operation));
    });
  }
}

const listener = process.argv[2] === "express" ? app : server;
createServer(listener).listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
