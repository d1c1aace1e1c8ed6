/** Bare language: what the language itself makes of values, without any framework. */

import { Router } from "express";

export const router = Router();

/** @type {Record<string, (v: any) => unknown>} */
const OPERATIONS = {
  sort: (v) => v.sort(),
  largest: (v) => Math.max(...v),
  less: (v) => v[0] < v[1],
  equal: (v) => v[0] === v[1],
  contains: (v) => v[0].includes(v[1]),
  count: (v) => new Set(v).size,
  upper: (v) => v.toUpperCase(),
  lower: (v) => v.toLowerCase(),
  title: (v) => v.replace(/\b\w/g, (/** @type {string} */ one) => one.toUpperCase()),
  trim: (v) => v.trim(),
  length: (v) => v.length,
  reverse: (v) => v.split("").reverse().join(""),
  first: (v) => v[0],
  cut: (v) => v.slice(0, 2),
  split: (v) => v.split(" "),
  "split-comma": (v) => v.split(","),
  "split-once": (v) => v.split(",", 1),
  lines: (v) => v.split("\n"),
  replace: (v) => v[0].replace("a", v[1]),
  substitute: (v) => v[0].replace(/(b)/, v[1]),
  digits: (v) => /^\d+$/.test(v),
  word: (v) => /^\w+$/.test(v),
  blank: (v) => /^\s+$/.test(v),
  any: (v) => /^.$/.test(v),
  k: (v) => /^k$/i.test(v),
  parts: (v) => v.split(/(,)/),
  text: (v) => String(v),
  integer: (v) => parseInt(v),
  float: (v) => Number(v),
  truth: (v) => Boolean(v),
  or: (v) => v || "default",
  round: (v) => Math.round(v),
  fixed: (v) => v.toFixed(2),
  divide: (v) => v[0] / v[1],
  whole: (v) => Math.trunc(v[0] / v[1]),
  remainder: (v) => v[0] % v[1],
  power: (v) => v[0] ** v[1],
  shift: (v) => v[0] << v[1],
  add: (v) => v[0] + v[1],
  times: (v) => v[0] * v[1],
  sum: (v) =>
    v.reduce((/** @type {any} */ one, /** @type {any} */ two) => one + two, 0),
  keys: (v) => Object.keys(v),
  join: (v) => v.join(","),
  merge: (v) => ({ ...v[0], ...v[1] }),
  "minus-one": (v) => v[-1],
  last: (v) => v.slice(-2),
  missing: (v) => v.missing,
  deeper: (v) => v.missing.deeper,
  json: (v) => JSON.stringify(v),
  quote: (v) => encodeURIComponent(v),
  unquote: (v) => decodeURIComponent(v),
  date: (v) => new Date(v).toISOString(),
  timestamp: (v) => new Date(v).getTime() / 1000,
  earlier: (v) => new Date(v[0]) < new Date(v[1]),
};

router.post("/language/:operation", (req, res) => {
  const operation = OPERATIONS[req.params.operation];
  if (!operation) res.sendStatus(404);
  else res.json({ v: operation(req.body.v) });
});
