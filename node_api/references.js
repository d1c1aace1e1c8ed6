/** References: replies from memory, with nothing around them but the framework or less.
 *
 * They are no part of the stack: what a stack takes beyond them is what it does itself.
 * The file that REPLIES names has them: a list of `operation` (the contract's
 * operationId), `path` (without a query) and `body`. `node references.js express` starts
 * one of the two; the other is `server`.
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
  return [...JSON.parse(readFileSync(file, "utf8")), HEALTHY];
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

// The framework: its router, and the JSON of an object.
// Differs: FastAPI also serialises by a response model, which Express has not.
const app = express();
for (const { path, body } of REPLIES) {
  app.get(path, (_req, res) => {
    res.json(body);
  });
}

const listener = process.argv[2] === "express" ? app : server;
createServer(listener).listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
