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
  const { username } = req.params;
  req.profile = await database.getProfile({ username, viewer: req.user?.id ?? null });
  if (!req.profile) throw notFound("profile");
  next();
}

export const router = Router(STRICT);

/** Return the profile of a user. */
router.get(
  "/profiles/:username",
  optionalUser,
  profileByUsername,
  async function getProfile(req, res) {
    res.json({ profile: profileOf(req.profile) });
  },
);

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
 * Return the profile in a row that may hold more, as an article's.
 * @param {Row} row
 */
export function profileOf({ username, bio, image, following }) {
  return { username, bio, image, following: Boolean(following) };
}
