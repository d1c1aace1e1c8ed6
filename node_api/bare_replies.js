/** Bare replies: replies of every kind, and failures, as tutorials write them. */

import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Router } from "express";

export const router = Router();

router.get("/reply/typed", (req, res) => {
  res.json({ name: "Ann", age: 5, password: "secret" });
});

router.get("/reply/text-number", (req, res) => {
  res.json({ name: "Ann", age: "5" });
});

router.get("/reply/wrong", (req, res) => {
  res.json({ name: "Ann", age: "old" });
});

router.get("/reply/partial", (req, res) => {
  res.json({ name: "Ann" });
});

router.get("/reply/nothing", (req, res) => {
  res.json(undefined);
});

router.get("/reply/text", (req, res) => {
  res.send("text");
});

router.delete("/reply/empty", (req, res) => {
  res.status(204).end();
});

router.get("/reply/date", (req, res) => {
  res.json({ v: new Date("2026-01-31T12:00:00Z") });
});

router.get("/reply/nan", (req, res) => {
  res.json({ v: NaN });
});

router.get("/redirect", (req, res) => {
  res.redirect("/ping");
});

router.get("/stream", (req, res) => {
  res.type("text/plain");
  Readable.from(["one\n", "two\n"]).pipe(res);
});

router.get("/slow", async (req, res) => {
  await sleep(1000);
  res.json({ slow: true });
});

router.get("/fail", () => {
  throw new Error("the secret cause");
});

router.get("/fail/refused", (req, res) => {
  res.status(418).json({ detail: "no coffee" });
});

router.get("/fail/halfway", async (req, res) => {
  res.type("text/plain");
  res.write("one\n");
  // Node sends it when this turn is over: an error within it would be the first.
  await sleep(50);
  throw new Error("the secret cause");
});

router.get("/fail/later", (req, res) => {
  res.json({ begun: true });
  throw new Error("the secret cause");
});

router.get("/fail/timer", (req, res) => {
  setTimeout(() => {
    throw new Error("the secret cause");
  }, 50);
  res.json({ begun: true });
});

router.get("/fail/task", (req, res) => {
  (async () => {
    throw new Error("the secret cause");
  })();
  res.json({ begun: true });
});
