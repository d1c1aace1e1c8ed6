/** Assembly: the application, made of its parts. */

import express from "express";
import * as articles from "./articles.js";
import * as comments from "./comments.js";
import { DatabaseUnavailable } from "./database.js";
import * as docs from "./docs.js";
import { onError, unrouted } from "./errors.js";
import * as favorites from "./favorites.js";
import { PostgresqlStorage } from "./postgresql.js";
import * as lists from "./lists.js";
import * as profiles from "./profiles.js";
import * as protocol from "./protocol.js";
import { settings, warn } from "./settings.js";
import { SqliteStorage } from "./sqlite.js";
import * as tags from "./tags.js";
import * as users from "./users.js";

/** Open the database when the server starts. */
export async function open() {
  warn();
  const { database } = app.locals;
  try {
    await database.ready();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    console.warn(`The database is away, replies are 503 until then: ${error.message}`);
  }
}

/** Close the database when the server stops. */
export async function close() {
  await app.locals.database.close();
}

/** @param {any} layer what a router's stack has for a route */
function reads({ route }) {
  return route.methods.get || route.methods._all;
}

const health = express.Router(protocol.STRICT);

/** Tell whether the server can serve: whether its database answers. */
health.get("/health", async function getHealth(req, res) {
  await req.app.locals.database.ping();
  res.json({ status: "ok" });
});

export const app = express();
const Storage = settings.DATABASE_URL.startsWith("sqlite:")
  ? SqliteStorage
  : PostgresqlStorage;
app.locals.database = new Storage(settings.DATABASE_URL);
protocol.install(app);
// Routes are asked one after another: first those that most requests are for, and those
// that read. All are of one router; another one would be asked in the next turn of the
// event loop. Lists come before articles: /articles/feed is not the article "feed".
const features = [lists, articles, tags, comments, profiles, favorites, users];
const routes = features.flatMap((feature) => feature.router.stack);
const api = express.Router(protocol.STRICT);
api.stack.push(...routes.filter(reads), ...routes.filter((layer) => !reads(layer)));
const mounts = { "/api": [api], "": [health, docs.router] };
app.locals.mounts = mounts;
for (const [path, routers] of Object.entries(mounts)) app.use(path || "/", ...routers);
app.use(unrouted);
app.use(onError);
