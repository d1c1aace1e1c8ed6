/** Users: registration, login, and the current user. */

import { Router } from "express";
import {
  currentUser,
  hashPassword,
  issueToken,
  NOBODY,
  verifyPassword,
} from "./auth.js";
import { body } from "./bodies.js";
import { UniqueViolation } from "./database.js";
import { taken, unauthorized } from "./errors.js";
import { nullableText, object, requiredText } from "./fields.js";
import { STRICT } from "./protocol.js";

/** @import { Row } from "./database.js" */

const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const USERNAME = new RegExp(
  "^[^\\x00-\\x1f\\x7f/\\\\?#%]*" +
    "[^\\x00-\\x20\\x7f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff" +
    "./\\\\?#%][^\\x00-\\x1f\\x7f/\\\\?#%]*$",
  "u",
);

const username = requiredText({ maximum: 64, pattern: USERNAME });
const email = requiredText({ maximum: 254, pattern: EMAIL });
const password = requiredText({ minimum: 8, maximum: 128 });
const anyEmail = requiredText({ maximum: 254 });
const anyPassword = requiredText({ maximum: 128 });
const bio = nullableText({ maximum: 1000 });
const image = nullableText({ maximum: 2048 });

const NewUser = object({ user: object({ username, email, password }) });

const Login = object({ user: object({ email: anyEmail, password: anyPassword }) });

const UserUpdate = object({
  user: object({ username, email, password, bio, image }).partial(),
});

export const router = Router(STRICT);

/** Register a user. */
router.post("/users", body(NewUser), async function createUser(req, res) {
  const { database } = req.app.locals;
  const { username, email, password } = req.body.user;
  const passwordHash = await hashPassword(password);
  for (;;) {
    try {
      const row = await database.transaction((/** @type {any} */ transaction) =>
        transaction.insertUser({ username, email, passwordHash }),
      );
      res.status(201).json(await userReply(row));
      return;
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error;
    }
    await refuseTaken(database, { username, email, id: 0 });
  }
});

/** Log in with e-mail and password. */
router.post("/users/login", body(Login), async function login(req, res) {
  const { database } = req.app.locals;
  const { email, password } = req.body.user;
  const row = await database.getLogin({ email });
  const passwordHash = row ? row.passwordHash : NOBODY;
  if (!(await verifyPassword(passwordHash, password)) || !row) {
    throw unauthorized("credentials", "invalid");
  }
  res.json(await userReply(row));
});

/** Return the user whom the token names. */
router.get("/user", currentUser, async function getCurrentUser(req, res) {
  res.json(await userReply(req.user));
});

/** Change some or all fields of the current user; what is absent stays. */
router.put(
  "/user",
  currentUser,
  body(UserUpdate),
  async function updateCurrentUser(req, res) {
    const { database } = req.app.locals;
    const { password, ...given } = req.body.user;
    const changes = {
      id: req.user.id,
      username: null,
      email: null,
      bio: null,
      image: null,
      ...given,
      passwordHash: password ? await hashPassword(password) : null,
      setBio: Number("bio" in given),
      setImage: Number("image" in given),
    };
    for (;;) {
      try {
        const row = await database.transaction((/** @type {any} */ transaction) =>
          transaction.updateUser(changes),
        );
        res.json(await userReply(row));
        return;
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error;
      }
      const { username, email, id } = changes;
      await refuseTaken(database, { username, email, id });
    }
  },
);

/**
 * Tell which of the two another user has; return if it is free again.
 * @param {any} database
 * @param {{ username: string | null, email: string | null, id: number }} wanted
 */
async function refuseTaken(database, wanted) {
  const rows = await database.getTaken(wanted);
  const keys = ["username", "email"].filter((key) =>
    rows.some((/** @type {Row} */ row) => row[key]),
  );
  if (keys.length > 0) throw taken(keys);
}

/** @param {Row} row */
async function userReply({ id, email, username, bio, image }) {
  return { user: { email, token: await issueToken(id), username, bio, image } };
}
