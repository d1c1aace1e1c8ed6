/** Lists: pages of articles, newest first, and the feed. */

import { Router } from "express";
import { shown } from "./articles.js";
import { currentUser, optionalUser } from "./auth.js";
import { unrouted } from "./errors.js";
import { between, filter, LARGEST_INTEGER, object } from "./fields.js";
import { STRICT, validated } from "./protocol.js";

/** @import { Row } from "./database.js" */

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
  const { limit, offset, ...filters } = validated(FilteredPage, req.query);
  const { tag, author, favorited } = filters;
  const page = { viewer: req.user?.id ?? null, limit, offset };
  let rows;
  if (author) rows = await database.listArticlesByAuthor({ ...filters, ...page });
  else if (favorited)
    rows = await database.listArticlesByFan({ favorited, tag, ...page });
  else if (tag) rows = await database.listArticlesByTag({ tag, ...page });
  else rows = await database.listArticles(page);
  const count = await database.countArticles(filters);
  res.json(articleList(rows, count));
});

/** Return articles by those whom the current user follows, newest first. */
router.get("/articles/feed", currentUser, async function getFeed(req, res) {
  const { database } = req.app.locals;
  const { limit, offset } = validated(Page, req.query);
  const viewer = req.user.id;
  const rows = await database.listFeed({ viewer, limit, offset });
  const count = await database.countFeed({ viewer });
  res.json(articleList(rows, count));
});

// Else other methods would be those of the article with the slug "feed".
// Differs: FastAPI's routes can narrow a parameter, see SlugConvertor in slugs.py.
router.all("/articles/feed", unrouted);

/** @param {Row[]} rows @param {Row} count */
function articleList(rows, count) {
  return { articles: rows.map(shown), articlesCount: count.total };
}
