/** CORS: which browser front-ends may read the replies. */

import { settings } from "./settings.js";

/**
 * Return the headers of a reply to a request from this origin.
 * @param {string | undefined} origin
 * @returns {Record<string, string>}
 */
export function corsHeaders(origin) {
  if (settings.CORS_ORIGINS === "*") return { "Access-Control-Allow-Origin": "*" };
  if (!origin || !settings.CORS_ORIGINS.split(",").includes(origin)) {
    return { Vary: "Origin" };
  }
  return { Vary: "Origin", "Access-Control-Allow-Origin": origin };
}

/**
 * Return what the answer to OPTIONS adds for an origin that may read it.
 * @param {string | undefined} origin
 * @param {string} allow
 * @returns {Record<string, string>}
 */
export function preflightHeaders(origin, allow) {
  if (!("Access-Control-Allow-Origin" in corsHeaders(origin))) return {};
  return {
    "Access-Control-Allow-Methods": allow,
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Requested-With",
    "Access-Control-Max-Age": "600",
  };
}
