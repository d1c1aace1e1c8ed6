/**
 * A toy server of a foreign contract; its twin is server.py, both read the document.
 *
 * Replies are made from the schemas: the same request gets the same reply. Only pins
 * are kept. FAULT makes it wrong on purpose.
 */

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { DOCUMENT, FAULT, example, fits, number, resolve } from "./examples.js";
import { Refused, check, queried, routed, utf8 } from "./request.js";

const BASE = new URL(DOCUMENT.servers[0].url).pathname;
const METHODS = ["get", "put", "post", "delete", "patch"];
const TOTAL = 12;
const ERRORS = {
  400: ["Bad Request", "Backend did not understand your request."],
  403: ["Forbidden", "Invalid project token."],
  404: ["Not Found", "The requested component has not been found."],
  405: ["Method Not Allowed", "The path has no such method."],
};
// By project: what it has pinned, in the order of pinning.
const PINS = new Map([[process.env.PROJECT ?? "mainnet-static", new Set()]]);

function checkAll(request, item, operation, values, sent, body) {
  const media = (request.headers["content-type"] ?? "").split(";")[0];
  const headers = { "Content-Type": media || undefined };
  const sources = { path: values, query: sent, header: headers };
  for (const entry of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = resolve(entry);
    const source = sources[parameter.in];
    check(
      parameter,
      Object.hasOwn(source, parameter.name) ? source[parameter.name] : undefined,
    );
  }
  const wanted = operation.requestBody;
  if (wanted === undefined) {
    return;
  }
  if (!(media in wanted.content) || (wanted.required && body.length === 0)) {
    throw new Refused(400);
  }
  if (media === "application/json") {
    let value;
    try {
      value = JSON.parse(utf8(body));
    } catch {
      throw new Refused(400);
    }
    if (!fits(wanted.content[media].schema, value)) {
      throw new Refused(400);
    }
  }
}

function asked(request, body) {
  const at = request.url.indexOf("?");
  const path = at < 0 ? request.url : request.url.slice(0, at);
  if (path === "/health") {
    return [200, { status: "ok" }];
  }
  if (request.method === "POST" && path === "/projects") {
    const project = randomBytes(16).toString("hex");
    PINS.set(project, new Set());
    return [201, { project_id: project }];
  }
  if (!path.startsWith(`${BASE}/`)) {
    throw new Refused(404);
  }
  const [template, values] = routed(path.slice(BASE.length));
  const item = DOCUMENT.paths[template];
  const method = request.method === "HEAD" ? "get" : request.method.toLowerCase();
  if (!METHODS.includes(method) || !(method in item)) {
    const allowed = METHODS.filter((name) => name in item);
    throw new Refused(405, { Allow: allowed.join(", ").toUpperCase() });
  }
  const operation = item[method];
  const project = request.headers.project_id ?? "";
  const open = operation.security?.length === 0 || (FAULT === "open" && !project);
  if (!open && !PINS.has(project)) {
    throw new Refused(403);
  }
  const query = at < 0 ? "" : request.url.slice(at + 1);
  const sent = queried(query);
  checkAll(request, item, operation, values, sent, body);
  if (template === "/tx/submit") {
    // Money would be gone: whoever compares must not ask this.
    process.stderr.write("a transaction was submitted\n");
    process.exit(1);
  }
  if (template.startsWith("/ipfs/pin/")) {
    const pins = PINS.get(project) ?? new Set();
    return [200, pinned(template, operation, values, sent, pins)];
  }
  return [200, reply(template, operation, values, sent, body)];
}

function reply(template, operation, values, sent, body) {
  const texts = Object.values(values);
  if ("404" in operation.responses && texts.some((text) => number(text) % 4 === 0)) {
    throw new Refused(404);
  }
  const seed = [template, ...texts, body.toString("hex")].join("/");
  const content = operation.responses["200"].content;
  if ("application/octet-stream" in content) {
    return Buffer.from(seed);
  }
  const schema = resolve(content["application/json"].schema);
  if (schema.type !== "array") {
    return known(example(schema, seed), values);
  }
  const made = Array.from({ length: TOTAL }, (_, at) =>
    known(example(schema.items, `${seed}#${at}`), values),
  );
  return page(made, sent);
}

/** The example with what the request says of it. */
function known(value, values) {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    for (const name of Object.keys(values)) {
      if (typeof value[name] === "string") {
        value[name] = values[name];
      }
    }
  }
  return value;
}

function page(items, sent) {
  const [count, at] = [Number(sent.count ?? 100), Number(sent.page ?? 1)];
  const ordered = sent.order === "desc" ? items.toReversed() : items;
  const most = count + (FAULT === "page" && count === 2 ? 1 : 0);
  return ordered.slice((at - 1) * count, (at - 1) * count + most);
}

function pinned(template, operation, values, sent, pins) {
  const name = values.IPFS_path ?? "";
  const schema = resolve(operation.responses["200"].content["application/json"].schema);
  if (template === "/ipfs/pin/add/{IPFS_path}") {
    pins.add(name);
    return { ipfs_hash: name, state: "queued", filecoin: sent.filecoin === "true" };
  }
  if (template === "/ipfs/pin/list") {
    const all = [...pins].map((one) => ({
      ...example(schema.items, one),
      ipfs_hash: one,
    }));
    return page(all, sent);
  }
  if (!pins.has(name)) {
    throw new Refused(404);
  }
  if (template === "/ipfs/pin/remove/{IPFS_path}") {
    if (FAULT !== "remove") {
      pins.delete(name);
    }
    return { ipfs_hash: name, state: "unpinned" };
  }
  return { ...example(schema, name), ipfs_hash: name };
}

function answer(response, status, value, headers = {}) {
  const bytes = Buffer.isBuffer(value);
  const content = bytes ? value : Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    ...headers,
    "Content-Type": bytes ? "application/octet-stream" : "application/json",
    "Content-Length": content.length,
    "X-Served-By": "node",
  });
  response.end(content);
}

// As much as Python's http.server takes of a line; Node's own limit is 16 KiB.
const server = createServer({ maxHeaderSize: 65536 }, async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  try {
    answer(response, ...asked(request, body));
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    const [name, message] = ERRORS[error.status];
    const value = { status_code: error.status, error: name, message };
    answer(response, error.status, value, error.headers);
  }
});

server.listen(Number(process.env.PORT), "127.0.0.1");
