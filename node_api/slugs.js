/** Slugs: a title's name in addresses. */

import { randomInt } from "node:crypto";

const LONGEST_BASE = 240;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
// The path of the feed, which an article must not hide behind.
const RESERVED = "feed";

/**
 * Return the slug that a title has by itself: letters, digits, single hyphens.
 * @param {string} title
 */
export function slugBase(title) {
  const plain = title.normalize("NFD").replaceAll(/[\u0300-\u036f]/g, "");
  const lowered = plain.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const words = lowered.match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, LONGEST_BASE).replace(/-$/, "") || "article";
}

/** @param {string} base */
function suffixed(base) {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]);
  return `${base}-${letters.join("")}`;
}

/**
 * Return a slug for this title that no other article has at this moment.
 *
 * On PostgreSQL another process may take it before we commit. Then our write is a
 * UniqueViolation, and the caller tries again.
 * @param {any} queries
 * @param {string} title
 * @param {number} articleId
 */
export async function freeSlug(queries, title, articleId) {
  const base = slugBase(title);
  let slug = base === RESERVED ? suffixed(base) : base;
  while (!(await queries.slugIsFree({ slug, id: articleId })).free) {
    slug = suffixed(base);
  }
  return slug;
}
