/** Articles: publishing, reading, changing, deleting one. */

import { Router } from "express";
import { currentUser, optionalUser } from "./auth.js";
import { body } from "./bodies.js";
import { UniqueViolation } from "./database.js";
import { forbidden, notFound } from "./errors.js";
import { array, now, object, remembered, requiredText, timestamp } from "./fields.js";
import { profileOf } from "./profiles.js";
import { STRICT } from "./protocol.js";
import { freeSlug, slugBase } from "./slugs.js";
import { putTags, takeTagsOff } from "./tags.js";

/** @import { NextFunction, Request, Response } from "express" */
/** @import { Row } from "./database.js" */

const title = requiredText({ maximum: 255 });
const description = requiredText({ maximum: 1000 });
const articleBody = requiredText({ maximum: 65_536 });
const tag = requiredText({ maximum: 64 });
const tagList = array(tag, 32).transform((tags) => [...new Set(tags)]);
const NewArticle = object({
  article: object({
    title,
    description,
    body: articleBody,
    tagList: tagList.default([]),
  }),
});

const ArticleUpdate = object({
  article: object({ title, description, body: articleBody, tagList }).partial(),
});

/** @param {Request<{ slug: string }>} req @param {Response} _res @param {NextFunction} next */
export async function articleBySlug(req, _res, next) {
  const { database } = req.app.locals;
  req.article = await findArticle(database, req.params.slug, req.user?.id ?? null);
  next();
}

/** @param {Request} req @param {Response} _res @param {NextFunction} next */
function ownArticle(req, _res, next) {
  if (req.article.authorId !== req.user.id) throw forbidden("article");
  next();
}

export const router = Router(STRICT);

/** Publish an article. */
router.post(
  "/articles",
  currentUser,
  body(NewArticle),
  async function createArticle(req, res) {
    const { database } = req.app.locals;
    const { article } = req.body;
    const reply = await retried(database, async (transaction) => {
      await transaction.countArticle({ change: 1 });
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
      await transaction.countByAuthor({ author: req.user.id, change: 1 });
      await putTags(transaction, row.id, article.tagList);
      return articleReply(await findArticle(transaction, slug, req.user.id));
    });
    res.status(201).json(reply);
  },
);

/** Return one article, with its body. */
router.get("/articles/:slug", optionalUser, async function getArticle(req, res) {
  const { database } = req.app.locals;
  const viewer = req.user?.id ?? null;
  const row = await findArticle(database, req.params.slug, viewer);
  res.json(articleReply(row));
});

/** Change some or all fields of one's own article; what is absent stays. */
router.put(
  "/articles/:slug",
  currentUser,
  articleBySlug,
  ownArticle,
  body(ArticleUpdate),
  async function updateArticle(req, res) {
    const { database } = req.app.locals;
    const { tagList, ...given } = req.body.article;
    const { id } = req.article;
    const reply = await retried(database, async (transaction) => {
      if (tagList) await transaction.countArticle({ change: 0 });
      const current = await transaction.lockArticle({ id });
      if (!current) throw notFound("article");
      const title = given.title ?? current.title;
      const renamed = slugBase(title) !== slugBase(current.title);
      const changed = await transaction.updateArticle({
        id,
        slug: renamed ? await freeSlug(transaction, title, id) : null,
        title: null,
        description: null,
        body: null,
        ...given,
        tagList: tagList ? JSON.stringify(tagList) : null,
        now: now(),
      });
      if (tagList) {
        await takeTagsOff(transaction, id);
        await putTags(transaction, id, tagList);
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
    const { id, authorId } = req.article;
    await database.transaction(async (/** @type {any} */ transaction) => {
      await transaction.countArticle({ change: -1 });
      if (!(await transaction.lockArticle({ id }))) throw notFound("article");
      await transaction.countByAuthor({ author: authorId, change: -1 });
      await takeTagsOff(transaction, id);
      await transaction.uncountFans({ article: id });
      await transaction.deleteArticle({ id });
    });
    res.status(204).end();
  },
);

/**
 * Run the work in a transaction, and again when another process took our slug.
 *
 * Differs: Python's transaction is a block of the handler, not a function that could be
 * called again, so that there the handler itself loops around it.
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
export async function findArticle(queries, slug, viewer) {
  const row = await queries.getArticle({ slug, viewer });
  if (!row) throw notFound("article");
  return row;
}

// Some are long: 32 tags of 64 characters.
const tagsOf = remembered(1000, (/** @type {string} */ text) => JSON.parse(text));

/** @param {Row} row */
export function articleReply(row) {
  return { article: { ...shown(row), body: row.body } };
}

/**
 * Return what lists show of an article.
 * @param {Row} row
 */
export function shown(row) {
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    tagList: tagsOf(row.tagList),
    createdAt: timestamp(row.createdAt),
    updatedAt: timestamp(row.updatedAt),
    favorited: Boolean(row.favorited),
    favoritesCount: row.favoritesCount,
    author: profileOf(row),
  };
}
