/** Settings: what the environment says, validated before anything starts. */

import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";

export const DEVELOPMENT_SECRET = "conduit-development-secret-do-not-deploy";

/** @param {number} minimum @param {number} maximum */
const integer = (minimum, maximum) =>
  z
    .string()
    .regex(/^[0-9]+$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));

/** One property per variable; its description completes "NAME must be …". */
const Settings = z
  .object({
    ENVIRONMENT: z
      .enum(["development", "production"])
      .default("development")
      .describe("development or production"),
    HOST: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .describe("an address to listen on, as 127.0.0.1"),
    PORT: integer(0, 65535).default(3000).describe("a port number from 0 to 65535"),
    WORKERS: integer(1, 100)
      .default(2)
      .describe("processes that share the socket, 1 to 100"),
    DATABASE_URL: z
      .string()
      .superRefine(databaseIsKnown)
      .default("sqlite:///conduit.db")
      .describe(
        "sqlite:///conduit.db (beside the stack), " +
          "sqlite:////an/absolute/path.db, or postgresql://user:password@host/name",
      ),
    DATABASE_TIMEOUT: z
      .string()
      .regex(/^[0-9]+(\.[0-9]+)?$/)
      .transform(Number)
      .pipe(z.number().gt(0).max(60))
      .default(5)
      .describe("seconds to wait for the database, up to 60"),
    DATABASE_POOL: integer(1, 100)
      .default(10)
      .describe("PostgreSQL connections a process, 1 to 100"),
    SQLITE_SYNCHRONOUS: z
      .enum(["normal", "full"])
      .default("normal")
      .describe(
        "normal (a power cut may cost the last moments) " +
          "or full (it costs nothing, and each write waits for the disk)",
      ),
    SECRET_KEY: z
      .string()
      .min(1)
      .default(DEVELOPMENT_SECRET)
      .describe("a secret of 32 characters or more"),
    TOKEN_LIFETIME: integer(1, 10 ** 9)
      .default(7 * 24 * 3600)
      .describe("seconds that a token is valid, 1 or more"),
    CORS_ORIGINS: z
      .string()
      .regex(/^(\*|https?:\/\/[^\s,/]+(,https?:\/\/[^\s,/]+)*)$/)
      .default("*")
      .describe("* or origins parted by commas, as https://a.example"),
    HEADERS_TIMEOUT: integer(1, 600)
      .default(10)
      .describe("seconds for a request's headers, 1 to 600"),
    REQUEST_TIMEOUT: integer(1, 3600)
      .default(30)
      .describe("seconds for a whole request, HEADERS_TIMEOUT to 3600"),
    SHUTDOWN_TIMEOUT: integer(1, 600)
      .default(10)
      .describe("seconds for the last requests, 1 to 600"),
  })
  .check(({ value, issues }) => {
    if (value.REQUEST_TIMEOUT >= value.HEADERS_TIMEOUT) return;
    const message = `HEADERS_TIMEOUT is ${value.HEADERS_TIMEOUT}`;
    const input = value.REQUEST_TIMEOUT;
    issues.push({ code: "custom", path: ["REQUEST_TIMEOUT"], message, input });
  });

/** @param {string} url @param {z.RefinementCtx} context */
function databaseIsKnown(url, context) {
  if (url.startsWith("sqlite:///") && url !== "sqlite:///") {
    const folder = dirname(sqlitePath(url));
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      context.addIssue({
        code: "custom",
        message: `the folder ${folder} does not exist`,
      });
    }
  } else if (!/^postgres(ql)?:\/\//.test(url)) {
    context.addIssue({ code: "custom", message: "the scheme is unknown" });
  }
}

/**
 * Return the file of a `sqlite:///` URL; a relative one lies beside the stack.
 * @param {string} url
 */
export function sqlitePath(url) {
  return resolve(import.meta.dirname, url.slice("sqlite:///".length));
}

/** Say aloud what must not stay so on a real server. */
export function warn() {
  if (settings.SECRET_KEY === DEVELOPMENT_SECRET) {
    console.warn(
      "INSECURE: SECRET_KEY is the public development default, so anybody " +
        "can sign tokens. Set SECRET_KEY before others reach this server.",
    );
  }
}

/**
 * Turn each fault into a sentence that says what to set.
 * @param {z.ZodError} error
 */
function explain(error) {
  return error.issues.map(({ path, code, message }) => {
    const name = /** @type {keyof typeof Settings.shape} */ (path[0]);
    const note = code === "custom" ? ` (${message})` : "";
    const given = process.env[name] ?? "";
    const secret = name === "SECRET_KEY" || given.includes("@");
    const shown = secret ? note : `; it is '${given}'${note}`;
    return `${name} must be ${Settings.shape[name].description}${shown}.`;
  });
}

/** Read the environment, or end the start with a sentence for each fault. */
function load() {
  const { data, error } = Settings.safeParse(process.env);
  const faults = error ? explain(error) : [];
  if (data?.ENVIRONMENT === "production") {
    if (data.SECRET_KEY === DEVELOPMENT_SECRET || data.SECRET_KEY.length < 32) {
      faults.push(
        "SECRET_KEY must be a secret of 32 characters or more of your own in " +
          "production; make one with: openssl rand -hex 32",
      );
    }
  }
  if (data && faults.length === 0) return data;
  console.error(faults.join("\n"));
  return process.exit(1);
}

export const settings = load();
