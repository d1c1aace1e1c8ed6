/** Auth: passwords, tokens, and who is asking. */

import * as argon2 from "@node-rs/argon2";
import { jwtVerify, SignJWT } from "jose";
import { unauthorized } from "./errors.js";
import { settings } from "./settings.js";

/** @import { NextFunction, Request, Response } from "express" */

const ALGORITHM = "HS256";
const CREDENTIALS = /^(?:token|bearer) +([\w-]+\.[\w-]+\.[\w-]+)$/i;

// OWASP's first choice for argon2id, which is the library's default algorithm.
const COST = { timeCost: 2, memoryCost: 19456, parallelism: 1 };
// Checked when no user has the e-mail, so that this takes no less time.
export const NOBODY = await argon2.hash("nobody's password", COST);

// Imported once: jose would else import the secret for every token.
const key = await crypto.subtle.importKey(
  "raw",
  Buffer.from(settings.SECRET_KEY),
  { name: "HMAC", hash: "SHA-256" },
  false,
  ["sign", "verify"],
);

/** @param {string} password */
export function hashPassword(password) {
  // In libuv's pool of threads: hashing takes tens of milliseconds.
  return argon2.hash(password, COST);
}

/** @param {string} passwordHash @param {string} password */
export function verifyPassword(passwordHash, password) {
  return argon2.verify(passwordHash, password);
}

/** @param {number} userId */
export function issueToken(userId) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setSubject(String(userId))
    .setIssuedAt(now)
    .setExpirationTime(now + settings.TOKEN_LIFETIME)
    .sign(key);
}

/**
 * Return the user's id that a valid token names, else undefined.
 * @param {string} token
 */
async function readToken(token) {
  const signature = token.slice(token.lastIndexOf(".") + 1);
  // Differs: PyJWT refuses spare bits in the last character, which jose lets pass.
  if (Buffer.from(signature, "base64url").toString("base64url") !== signature) {
    return undefined;
  }
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      requiredClaims: ["sub", "iat", "exp"],
    });
    const { sub, iat, exp, nbf = 0 } = payload;
    const numeric = [iat, exp, nbf].every(Number.isFinite);
    const named = typeof sub === "string" && /^[0-9]{1,15}$/.test(sub);
    return named && numeric ? Number(sub) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Put the user on the request whom this token names, or throw a 401.
 * @param {Request<any>} req
 * @param {string} authorization
 * @param {NextFunction} next
 */
async function token(req, authorization, next) {
  const match = CREDENTIALS.exec(authorization);
  const userId = match ? await readToken(match[1]) : undefined;
  const { database } = req.app.locals;
  req.user = userId ? await database.getUser({ id: userId }) : undefined;
  if (!req.user) throw unauthorized("token", "is invalid");
  next();
}

/** @param {Request<any>} req @param {Response} _res @param {NextFunction} next */
export function optionalUser(req, _res, next) {
  const { authorization } = req.headers;
  // Most who read have no token, and need no promise.
  return authorization ? token(req, authorization, next) : next();
}

/** @param {Request<any>} req @param {Response} _res @param {NextFunction} next */
export function currentUser(req, _res, next) {
  const { authorization } = req.headers;
  if (!authorization) throw unauthorized("token", "is missing");
  return token(req, authorization, next);
}
