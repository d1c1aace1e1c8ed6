/** Comments: below an article, newest first. */

import { Router } from "express";
import { articleBySlug, findArticle } from "./articles.js";
import { currentUser, optionalUser } from "./auth.js";
import { body } from "./bodies.js";
import { forbidden, notFound } from "./errors.js";
import { LARGEST_INTEGER, now, object, requiredText, timestamp } from "./fields.js";
import { profileOf } from "./profiles.js";
import { STRICT } from "./protocol.js";

/** @import { NextFunction, Request, Response } from "express" */
/** @import { Row } from "./database.js" */

const commentBody = requiredText({ maximum: 10_000 });

const NewComment = object({ comment: object({ body: commentBody }) });

/** @param {Request<{ slug: string, id: string }>} req @param {Response} _res @param {NextFunction} next */
async function ownComment(req, _res, next) {
  const { database } = req.app.locals;
  const id = /^[1-9][0-9]{0,15}$/.test(req.params.id) ? Number(req.params.id) : 0;
  if (id < 1 || id > LARGEST_INTEGER) throw notFound("comment");
  const viewer = req.user.id;
  req.comment = await database.getComment({ id, article: req.article.id, viewer });
  if (!req.comment) throw notFound("comment");
  if (req.comment.authorId !== viewer) throw forbidden("comment");
  next();
}

export const router = Router(STRICT);

/** Return the comments below an article, newest first. */
router.get(
  "/articles/:slug/comments",
  optionalUser,
  async function listComments(req, res) {
    const { database } = req.app.locals;
    const viewer = req.user?.id ?? null;
    const article = await findArticle(database, req.params.slug, viewer);
    const rows = await database.listComments({ article: article.id, viewer });
    res.json({ comments: rows.map(commentOf) });
  },
);

/** Comment on an article. */
router.post(
  "/articles/:slug/comments",
  currentUser,
  articleBySlug,
  body(NewComment),
  async function createComment(req, res) {
    const { database } = req.app.locals;
    const article = req.article.id;
    const author = req.user.id;
    const row = await database.transaction(async (/** @type {any} */ transaction) => {
      const { id } = await transaction.insertComment({
        article,
        author,
        body: req.body.comment.body,
        now: now(),
      });
      return transaction.getComment({ id, article, viewer: author });
    });
    res.status(201).json({ comment: commentOf(row) });
  },
);

/** Delete one's own comment. */
router.delete(
  "/articles/:slug/comments/:id",
  currentUser,
  articleBySlug,
  ownComment,
  async function deleteComment(req, res) {
    const { database } = req.app.locals;
    const gone = await database.transaction((/** @type {any} */ transaction) =>
      transaction.deleteComment({ id: req.comment.id }),
    );
    if (!gone) throw notFound("comment");
    res.status(204).end();
  },
);

/** @param {Row} row */
function commentOf(row) {
  return {
    id: row.id,
    createdAt: timestamp(row.createdAt),
    updatedAt: timestamp(row.updatedAt),
    body: row.body,
    author: profileOf(row),
  };
}
