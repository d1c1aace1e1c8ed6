/** Tags: those in use, most used first. */

import { Router } from "express";
import { STRICT } from "./protocol.js";

/** @import { Row } from "./database.js" */

export const router = Router(STRICT);

/** Return the tags in use, most used first. */
router.get("/tags", async function listTags(req, res) {
  const rows = await req.app.locals.database.listTags();
  res.json({ tags: rows.map((/** @type {Row} */ row) => row.tag) });
});
