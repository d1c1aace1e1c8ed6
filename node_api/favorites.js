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
