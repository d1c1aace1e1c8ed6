/** Bare: an application as tutorials write it, with every default left as it is.
 *
 * It serves no purpose but to be asked: what an ecosystem does when nobody decides is
 * measured here. `node bare.js` starts it, as in every tutorial.
 */

import { join } from "node:path";
import cookieParser from "cookie-parser";
import express from "express";
import multer from "multer";
import { z } from "zod";
import { router as language } from "./bare_language.js";
import { router as replies } from "./bare_replies.js";
import { attach } from "./bare_sockets.js";

/** @import { RequestHandler } from "express" */

const STATIC = join(import.meta.dirname, "..", "contract");

const app = express();
app.use("/static", express.static(STATIC));
app.use(express.json());
app.use(express.urlencoded());
app.use(cookieParser());
app.use(replies);
app.use(language);

/** A property of every kind; each may be left out. */
const Everything = z
  .object({
    integer: z.int(),
    number: z.number(),
    flag: z.boolean(),
    text: z.string(),
    nullable: z.string().nullable(),
    color: z.enum(["red", "green"]),
    day: z.iso.date(),
    moment: z.iso.datetime(),
    clock: z.iso.time(),
    id: z.uuid(),
    link: z.url(),
    tags: z.array(z.string()),
    counts: z.record(z.string(), z.int()),
    page: z.int().min(1).max(100),
    code: z.string().regex(/^\d+$/),
    word: z.string().regex(/^\w+$/),
    name: z.string().min(2).max(5),
  })
  .partial();

/** The same in a query, where all is text: `z.coerce`, as tutorials say. */
const EverythingInText = Everything.extend({
  integer: z.coerce.number().int().optional(),
  number: z.coerce.number().optional(),
  flag: z.coerce.boolean().optional(),
  page: z.coerce.number().int().min(1).max(100).optional(),
});

const Person = z.object({ name: z.string(), age: z.int() });
const PersonInText = z.object({ name: z.string(), age: z.coerce.number().int() });
const Integer = z.object({ v: z.coerce.number().int() });
const Integers = z.object({ v: z.array(z.coerce.number().int()) });
const Text = z.object({ v: z.string() });
const Id = z.object({ v: z.uuid() });

/**
 * Reply with what the schema makes of a part of the request, or with its faults.
 * @param {z.ZodType} schema
 * @param {"query" | "params" | "body"} part
 * @returns {RequestHandler}
 */
const echo = (schema, part) => (req, res) => {
  const { data, error } = schema.safeParse(req[part]);
  if (error) res.status(400).json({ errors: error.issues });
  else res.json(data);
};

app.get(["/health", "/ping"], (req, res) => {
  res.json({ ping: "pong" });
});

app.put("/ping", (req, res) => {
  res.json({ put: "pong" });
});

app.get("/query", echo(EverythingInText, "query"));

app.get("/query/one", echo(Integer, "query"));

app.get("/query/list", echo(Integers, "query"));

app.get("/query/text", echo(Text, "query"));

app.get("/path/integer/:v", echo(Integer, "params"));

app.get("/path/text/:v", echo(Text, "params"));

app.get("/path/id/:v", echo(Id, "params"));

app.get("/path/rest/*v", (req, res) => {
  res.json({ v: req.params.v.join("/") });
});

app.get("/path/:first", (req, res) => {
  res.json({ first: req.params.first });
});

app.get("/path/later", (req, res) => {
  res.json({ later: true });
});

app.get("/header", (req, res) => {
  res.json({ v: req.get("X-Value") });
});

app.get("/cookie", (req, res) => {
  res.json({ v: req.cookies.v });
});

app.get("/cookie/set", (req, res) => {
  res.cookie("v", "a b;c");
  res.json({ set: true });
});

app.get("/client", (req, res) => {
  res.json({ host: req.ip, scheme: req.protocol, name: req.hostname });
});

app.post("/body", echo(Everything, "body"));

app.post("/body/required", echo(Person, "body"));
app.delete("/body/required", echo(Person, "body"));

app.post("/body/any", (req, res) => {
  res.json(req.body);
});

app.post("/body/bytes", express.raw({ type: () => true }), (req, res) => {
  res.json({ length: req.body?.length ?? 0 });
});

app.post("/form", echo(PersonInText, "body"));

app.post("/upload", multer().single("file"), (req, res) => {
  const { originalname, mimetype, size } = /** @type {any} */ (req.file);
  res.json({ filename: originalname, type: mimetype, length: size });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
attach(server);
