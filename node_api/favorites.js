/** Favourites: of whom an article is one. */

import { Router } from "express";
import { articleBySlug, articleReply, findArticle } from "./articles.js";
import { currentUser } from "./auth.js";
import { STRICT } from "./protocol.js";

export const router = Router(STRICT);

/** Make an article a favourite; again changes nothing. */
router.post(
  "/articles/:slug/favorite",
  currentUser,
  articleBySlug,
  async function favoriteArticle(req, res) {
    const { database } = req.app.locals;
    const { id, slug } = req.article;
    const row = await database.transaction(async (/** @type {any} */ transaction) => {
      await transaction.lockArticle({ id });
      const changed = await transaction.favorite({ article: id, user: req.user.id });
      if (changed) await countFavorite(transaction, id, req.user.id, 1);
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
      await transaction.lockArticle({ id });
      const changed = await transaction.unfavorite({ article: id, user: req.user.id });
      if (changed) await countFavorite(transaction, id, req.user.id, -1);
      return findArticle(transaction, slug, req.user.id);
    });
    res.json(articleReply(row));
  },
);

/** @param {any} queries @param {number} articleId @param {number} userId @param {1 | -1} change */
async function countFavorite(queries, articleId, userId, change) {
  await queries.countFavorite({ article: articleId, change });
  await queries.countByFan({ user: userId, change });
}
