/** Articles: publishing, lists, the feed, and favourites. */

import { Router } from "express";
import { currentUser, optionalUser } from "./auth.js";
import { UniqueViolation } from "./database.js";
import { forbidden, notFound } from "./errors.js";
import {
  array,
  between,
  filter,
  LARGEST_INTEGER,
  now,
  object,
  requiredText,
  timestamp,
} from "./fields.js";
import { profileOf } from "./profiles.js";
import { body, STRICT, validated } from "./protocol.js";
import { freeSlug } from "./slugs.js";

/** @import { RequestHandler } from "express" */
/** @import { Row } from "./database.js" */

const title = requiredText({ maximum: 255 });
const description = requiredText({ maximum: 1000 });
const articleBody = requiredText({ maximum: 65_536 });
const tag = requiredText({ maximum: 64 });
const tagList = array(tag, 32).transform((tags) => [...new Set(tags)]);
const nameFilter = filter({ maximum: 64 });
const limit = between(1, 100).default(20);
const offset = between(0, LARGEST_INTEGER).default(0);

const NewArticle = object({
  article: object({ title, description, body: articleBody, tagList: tagList.default([]) }),
});

const ArticleUpdate = object({
  article: object({ title, description, body: articleBody, tagList }).partial(),
});

const Page = object({ limit, offset });

const FilteredPage = object({
  tag: nameFilter,
  author: nameFilter,
  favorited: nameFilter,
  limit,
  offset,
});

/** @type {RequestHandler<{ slug: string }>} */
export async function articleBySlug(req, _res, next) {
  const { database } = req.app.locals;
  req.article = await findArticle(database, req.params.slug, req.user?.id ?? null);
  next();
}

/** @type {RequestHandler<{ slug: string }>} */
function ownArticle(req, _res, next) {
  if (req.article.authorId !== req.user.id) throw forbidden("article");
  next();
}

export const router = Router(STRICT);

/** Return articles, newest first: all, or by tag, author or fan. */
router.get("/articles", optionalUser, async function listArticles(req, res) {
  const { database } = req.app.locals;
  const { limit, offset, ...filters } = validated(FilteredPage, req.query);
  const viewer = req.user?.id ?? null;
  const rows = await database.listArticles({ ...filters, viewer, limit, offset });
  const count = await database.countArticles(filters);
  res.json(articleList(rows, count));
});

/** Publish an article. */
router.post("/articles", currentUser, body(NewArticle), async function createArticle(req, res) {
  const { database } = req.app.locals;
  const { article } = req.body;
  const reply = await retried(database, async (transaction) => {
    const slug = await freeSlug(transaction, article.title, 0);
    const row = await transaction.insertArticle({
      author: req.user.id,
      slug,
      title: article.title,
      description: article.description,
      body: article.body,
      tagList: JSON.stringify(article.tagList),
      now: now(),
    });
    await writeTags(transaction, row.id, article.tagList);
    return articleReply(await findArticle(transaction, slug, req.user.id));
  });
  res.status(201).json(reply);
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

/** Return one article, with its body. */
router.get(
  "/articles/:slug",
  optionalUser,
  articleBySlug,
  async function getArticle(req, res) {
    res.json(articleReply(req.article));
  },
);

/** Change some or all fields of one's own article; what is absent stays. */
router.put(
  "/articles/:slug",
  currentUser,
  articleBySlug,
  ownArticle,
  body(ArticleUpdate),
  async function updateArticle(req, res) {
    const { database } = req.app.locals;
    const { article } = req.body;
    const { id, title } = req.article;
    const reply = await retried(database, async (transaction) => {
      const renamed = article.title !== undefined && article.title !== title;
      const changed = await transaction.updateArticle({
        id,
        slug: renamed ? await freeSlug(transaction, article.title, id) : null,
        title: article.title ?? null,
        description: article.description ?? null,
        body: article.body ?? null,
        tagList: article.tagList ? JSON.stringify(article.tagList) : null,
        now: now(),
      });
      if (!changed) throw notFound("article");
      if (article.tagList) {
        await transaction.deleteTags({ article: id });
        await writeTags(transaction, id, article.tagList);
      }
      return articleReply(await findArticle(transaction, changed.slug, req.user.id));
    });
    res.json(reply);
  },
);

/** Delete one's own article, its comments and favourites with it. */
router.delete(
  "/articles/:slug",
  currentUser,
  articleBySlug,
  ownArticle,
  async function deleteArticle(req, res) {
    const { database } = req.app.locals;
    await database.transaction((/** @type {any} */ transaction) =>
      transaction.deleteArticle({ id: req.article.id }),
    );
    res.status(204).end();
  },
);

/** Make an article a favourite; again changes nothing. */
router.post(
  "/articles/:slug/favorite",
  currentUser,
  articleBySlug,
  async function favoriteArticle(req, res) {
    const { database } = req.app.locals;
    const { id, slug } = req.article;
    const row = await database.transaction(async (/** @type {any} */ transaction) => {
      await transaction.favorite({ article: id, user: req.user.id });
      return findArticle(transaction, slug, req.user.id);
    });
    res.json(articleReply(row));
  },
);

/** Take an article out of one's favourites; again changes nothing. */
router.delete(
  "/articles/:slug/favorite",
  currentUser,
  articleBySlug,
  async function unfavoriteArticle(req, res) {
    const { database } = req.app.locals;
    const { id, slug } = req.article;
    const row = await database.transaction(async (/** @type {any} */ transaction) => {
      await transaction.unfavorite({ article: id, user: req.user.id });
      return findArticle(transaction, slug, req.user.id);
    });
    res.json(articleReply(row));
  },
);

/**
 * Run the work in a transaction, and again when another process took our slug.
 * @template T
 * @param {any} database
 * @param {(transaction: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function retried(database, work) {
  for (;;) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error;
    }
  }
}

/**
 * Return the article's row, or throw a 404.
 * @param {any} queries
 * @param {string} slug
 * @param {number | null} viewer
 * @returns {Promise<Row>}
 */
async function findArticle(queries, slug, viewer) {
  const row = await queries.getArticle({ slug, viewer });
  if (!row) throw notFound("article");
  return row;
}

/** @param {Row} row */
function articleReply(row) {
  return { article: { ...shown(row), body: row.body } };
}

/** @param {Row[]} rows @param {Row} count */
function articleList(rows, count) {
  return { articles: rows.map(shown), articlesCount: count.total };
}

/** @param {Row} row */
function shown(row) {
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    tagList: JSON.parse(row.tagList),
    createdAt: timestamp(row.createdAt),
    updatedAt: timestamp(row.updatedAt),
    favorited: Boolean(row.favorited),
    favoritesCount: row.favoritesCount,
    author: profileOf(row),
  };
}

/** @param {any} queries @param {number} articleId @param {string[]} tags */
async function writeTags(queries, articleId, tags) {
  for (const tag of tags) await queries.insertTag({ article: articleId, tag });
}
