/** Profiles: what everybody may see of a user, and following. */

import { Router } from "express";
import { currentUser, optionalUser } from "./auth.js";
import { notFound } from "./errors.js";
import { STRICT } from "./protocol.js";

/** @import { NextFunction, Request, Response } from "express" */
/** @import { Row } from "./database.js" */

/** @param {Request<{ username: string }>} req @param {Response} _res @param {NextFunction} next */
async function profileByUsername(req, _res, next) {
  const { database } = req.app.locals;
  req.profile = await findProfile(database, req.params.username, req.user?.id ?? null);
  next();
}

export const router = Router(STRICT);

/** Return the profile of a user. */
router.get("/profiles/:username", optionalUser, async function getProfile(req, res) {
  const { database } = req.app.locals;
  const viewer = req.user?.id ?? null;
  const row = await findProfile(database, req.params.username, viewer);
  res.json({ profile: profileOf(row) });
});

/** Follow a user; again changes nothing. */
router.post(
  "/profiles/:username/follow",
  currentUser,
  profileByUsername,
  async function followUser(req, res) {
    const { database } = req.app.locals;
    await database.transaction((/** @type {any} */ transaction) =>
      transaction.follow({ follower: req.user.id, followed: req.profile.id }),
    );
    res.json({ profile: profileOf({ ...req.profile, following: true }) });
  },
);

/** Stop following a user; again changes nothing. */
router.delete(
  "/profiles/:username/follow",
  currentUser,
  profileByUsername,
  async function unfollowUser(req, res) {
    const { database } = req.app.locals;
    await database.transaction((/** @type {any} */ transaction) =>
      transaction.unfollow({ follower: req.user.id, followed: req.profile.id }),
    );
    res.json({ profile: profileOf({ ...req.profile, following: false }) });
  },
);

/**
 * Return the profile's row, or throw a 404.
 * @param {any} queries
 * @param {string} username
 * @param {number | null} viewer
 * @returns {Promise<Row>}
 */
async function findProfile(queries, username, viewer) {
  const row = await queries.getProfile({ username, viewer });
  if (!row) throw notFound("profile");
  return row;
}

/**
 * Return the profile in a row that may hold more, as an article's.
 * @param {Row} row
 */
export function profileOf({ username, bio, image, following }) {
  return { username, bio, image, following: Boolean(following) };
}
