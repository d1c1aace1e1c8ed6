/** Tags: those in use, most used first, and those of an article. */

import { Router } from "express";
import { STRICT } from "./protocol.js";

export const router = Router(STRICT);

/** Return the tags in use, most used first. */
router.get("/tags", async function listTags(req, res) {
  res.json({ tags: await req.app.locals.database.listTags() });
});

/** @param {any} queries @param {number} articleId @param {string[]} tags */
export async function putTags(queries, articleId, tags) {
  for (const tag of tags) await queries.insertTag({ article: articleId, tag });
  await queries.countTags({ article: articleId });
}

/** @param {any} queries @param {number} articleId */
export async function takeTagsOff(queries, articleId) {
  await queries.uncountTags({ article: articleId });
  await queries.deleteTags({ article: articleId });
}
