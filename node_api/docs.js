/** Docs: the contract, Swagger UI and ReDoc, all from this machine. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Router } from "express";
import { parse } from "yaml";
import { CONTRACT } from "./database.js";
import { notFound } from "./errors.js";
import { STRICT } from "./protocol.js";

/** @import { Response } from "express" */

const { resolve } = createRequire(import.meta.url);
const ASSETS = new Map([
  ["swagger-ui-bundle.js", resolve("swagger-ui-dist/swagger-ui-bundle.js")],
  ["swagger-ui.css", resolve("swagger-ui-dist/swagger-ui.css")],
  ["redoc.standalone.js", resolve("redoc/bundles/redoc.standalone.js")],
]);

// ReDoc would fetch its logo from elsewhere.
const POLICY = "default-src 'self' 'unsafe-inline' data: blob:";

const contract = parse(readFileSync(join(CONTRACT, "openapi.yaml"), "utf8"));

const SWAGGER_UI = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="icon" href="data:,">
    <title>Conduit · Swagger UI</title>
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });
    </script>
  </body>
</html>
`;

const REDOC = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <title>Conduit · ReDoc</title>
    <style>body { margin: 0 }</style>
  </head>
  <body>
    <redoc spec-url="/openapi.json"></redoc>
    <script src="/docs/assets/redoc.standalone.js"></script>
  </body>
</html>
`;

export const router = Router(STRICT);

router.get("/openapi.json", function openapi(_req, res) {
  res.json(contract);
});

router.get("/docs", function swaggerUi(_req, res) {
  fromHere(res).send(SWAGGER_UI);
});

router.get("/redoc", function redoc(_req, res) {
  fromHere(res).send(REDOC);
});

/** A reply with a page that loads nothing from anywhere else. @param {Response} res */
function fromHere(res) {
  return res.set("Content-Security-Policy", POLICY);
}

router.get("/docs/assets/:name", function asset(req, res) {
  const file = ASSETS.get(req.params.name);
  if (!file) throw notFound("path");
  res.sendFile(file);
});
