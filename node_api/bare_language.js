/** Bare language: what the language itself makes of values, without any framework. */

import { Router } from "express";

export const router = Router();

/** @type {Record<string, (v: any) => unknown>} */
const OPERATIONS = {
  sort: (v) => v.sort(),
  "sort-numbers": (v) => v.sort(),
  upper: (v) => v.toUpperCase(),
  lower: (v) => v.toLowerCase(),
  trim: (v) => v.trim(),
  length: (v) => v.length,
  reverse: (v) => v.split("").reverse().join(""),
  first: (v) => v[0],
  split: (v) => v.split(" "),
  "split-comma": (v) => v.split(","),
  lines: (v) => v.split("\n"),
  replace: (v) => v.replace("a", "b"),
  digits: (v) => /^\d+$/.test(v),
  index: (v) => v.indexOf("b"),
  text: (v) => String(v),
  integer: (v) => parseInt(v),
  float: (v) => Number(v),
  truth: (v) => Boolean(v),
  round: (v) => Math.round(v),
  "round-2": (v) => Math.round(v * 100) / 100,
  divide: (v) => v[0] / v[1],
  remainder: (v) => v[0] % v[1],
  power: (v) => v[0] ** v[1],
  add: (v) => v[0] + v[1],
  equal: (v) => v[0] === v[1],
  less: (v) => v[0] < v[1],
  largest: (v) => Math.max(...v),
  keys: (v) => Object.keys(v),
  unique: (v) => [...new Set(v)],
  contains: (v) => v[0].includes(v[1]),
  join: (v) => v.join(","),
  slice: (v) => v.slice(-2),
  at: (v) => v.at(-1),
  get: (v) => v.missing,
  date: (v) => new Date(v).toISOString(),
  timestamp: (v) => new Date(v).getTime() / 1000,
  money: (v) => v.toFixed(2),
  grouped: (v) => v.toLocaleString(),
};

router.post("/language/:operation", (req, res) => {
  const operation = OPERATIONS[req.params.operation];
  if (!operation) res.sendStatus(404);
  else res.json({ v: operation(req.body.v) });
});
