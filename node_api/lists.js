/** Lists: pages of articles, newest first, and the feed. */

import { Router } from "express";
import { shown } from "./articles.js";
import { currentUser, optionalUser } from "./auth.js";
import { unrouted } from "./errors.js";
import { between, filter, LARGEST_INTEGER, object } from "./fields.js";
import { STRICT, validated } from "./protocol.js";

/** @import { Row } from "./database.js" */
/** @typedef {(page: { limit: number, offset: number }) => Promise<Row[]>} Read */

const nameFilter = filter({ maximum: 64 });
const limit = between(1, 100).default(20);
const offset = between(0, LARGEST_INTEGER).default(0);

const Page = object({ limit, offset });

const FilteredPage = object({
  tag: nameFilter,
  author: nameFilter,
  favorited: nameFilter,
  limit,
  offset,
});

export const router = Router(STRICT);

/** Return articles, newest first: all, or by tag, author or fan. */
router.get("/articles", optionalUser, async function listArticles(req, res) {
  const { database } = req.app.locals;
  const query = validated(FilteredPage, req.query);
  const { tag, author, favorited, limit, offset } = query;
  const viewer = req.user?.id ?? null;
  /** @type {Read} */
  let read;
  if (author) {
    const filters = { author, tag: tag || null, favorited: favorited || null };
    read = (page) => database.listArticlesByAuthor({ ...filters, viewer, ...page });
  } else if (favorited) {
    const filters = { favorited, tag: tag || null };
    read = (page) => database.listArticlesByFan({ ...filters, viewer, ...page });
  } else if (tag) read = (page) => database.listArticlesByTag({ tag, viewer, ...page });
  else read = (page) => database.listArticles({ viewer, ...page });
  res.json(await articleList(read, limit, offset));
});

/** Return articles by those whom the current user follows, newest first. */
router.get("/articles/feed", currentUser, async function getFeed(req, res) {
  const { database } = req.app.locals;
  const { limit, offset } = validated(Page, req.query);
  /** @type {Read} */
  const read = (page) => database.listFeed({ viewer: req.user.id, ...page });
  res.json(await articleList(read, limit, offset));
});

// Else other methods would be those of the article with the slug "feed".
// Differs: FastAPI's routes can narrow a parameter, see SlugConvertor in slugs.py.
router.all("/articles/feed", unrouted);

/**
 * Return a page with the number of all articles, which every row of it has.
 * @param {Read} read
 * @param {number} limit
 * @param {number} offset
 */
async function articleList(read, limit, offset) {
  const rows = await read({ limit, offset });
  // Beyond the last page there is no row to say it.
  const [first] = rows.length ? rows : await read({ limit: 1, offset: 0 });
  return { articles: rows.map(shown), articlesCount: first?.total ?? 0 };
}
