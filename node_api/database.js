/** Database: the named statements of contract/queries.sql, on SQLite or PostgreSQL. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

export const CONTRACT = join(import.meta.dirname, "..", "contract");

/** The database does not answer, or is locked for longer than we wait. */
export class DatabaseUnavailable extends Error {}

/** Another row has this value already. */
export class UniqueViolation extends Error {}

/** A row that the new one refers to does not exist any more. */
export class ReferenceViolation extends Error {}

/** @typedef {Record<string, any>} Row */
/** @typedef {(statement: Statement, parameters: Row) => Promise<any>} Run gives what the kind says */

/**
 * One statement: its name, its kind, and its text with :parameters.
 *
 * The kinds are those at the head of queries.sql.
 * @typedef {object} Statement
 * @property {string} name
 * @property {string} kind
 * @property {string} text
 */

/**
 * Return the statements of queries.sql by their names.
 * @returns {Record<string, Statement>}
 */
function readStatements() {
  const text = camelCase(withoutComments(readContract("queries.sql")));
  const parts = text.split(/^-- name: (\w+) :(one|many|values|exec)$/m).slice(1);
  /** @type {Record<string, Statement>} */
  const statements = {};
  for (let i = 0; i < parts.length; i += 3) {
    const [name, kind, body] = parts.slice(i, i + 3);
    statements[name] = { name, kind, text: body.trim().replace(/;$/, "") };
  }
  return statements;
}

/** Return schema.sql in parts: what is always run, then version 1, 2 and so on. */
export function readVersions() {
  return withoutComments(readContract("schema.sql")).split(/^-- version: \d+$/m);
}

/** @param {string} name */
function readContract(name) {
  return readFileSync(join(CONTRACT, name), "utf8");
}

/** @param {string} text */
function withoutComments(text) {
  return text.replaceAll(/^--(?! (name|version): ).*\n/gm, "");
}

/**
 * Name statements and parameters as JavaScript does: `get_user` is `getUser`.
 * @param {string} text
 */
function camelCase(text) {
  return text.replaceAll(/(?<=^-- name: |:)\w+/gm, (name) =>
    name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase()),
  );
}

export const STATEMENTS = readStatements();

/**
 * Turn `:name` into `$1`, or into `?1` with another sign; return the text and the names
 * in their order.
 * @param {Statement} statement
 * @param {string} sign
 */
export function numbered(statement, sign) {
  const names = [...new Set(statement.text.match(/(?<=:)\w+/g))];
  const text = statement.text.replaceAll(
    /:(\w+)/g,
    (_, name) => `${sign}${names.indexOf(name) + 1}`,
  );
  return { text, names };
}

/** `await queries.getUser({ id: 1 })` runs the statement of that name. */
export class Queries {
  #run;

  /** @param {Run} run */
  constructor(run) {
    this.#run = run;
  }

  static {
    for (const statement of Object.values(STATEMENTS)) {
      Object.defineProperty(this.prototype, statement.name, {
        value(/** @type {Row} */ parameters = {}) {
          return this.#run(statement, parameters);
        },
      });
    }
  }
}

/**
 * A database: reads by its own statements, writes in transactions.
 *
 * It starts when it is first needed, so that a server can start before its database
 * and finds it again when it was away.
 * @abstract
 */
export class Storage extends Queries {
  /** Whether it has started, so that a read need not ask and wait. */
  isReady = false;
  /** @type {Promise<void> | undefined} */
  #started;

  constructor() {
    super((statement, parameters) => this.read(statement, parameters));
  }

  /** Connect and bring the schema up to date; all who wait share one attempt. */
  async ready() {
    this.#started ??= this.start();
    const started = this.#started;
    try {
      await started;
      this.isReady = true;
    } catch (error) {
      if (this.#started === started) this.#started = undefined;
      throw error;
    }
  }

  /** @abstract @returns {Promise<void>} */
  start() {
    throw new Error("not implemented");
  }

  /**
   * @abstract
   * @param {Statement} _statement
   * @param {Row} _parameters
   * @returns {Promise<any>}
   */
  read(_statement, _parameters) {
    throw new Error("not implemented");
  }

  /**
   * Run statements that are all kept, or on an exception none of them.
   * @abstract
   * @template T
   * @param {(queries: any) => Promise<T>} _work
   * @returns {Promise<T>}
   */
  transaction(_work) {
    throw new Error("not implemented");
  }

  /** @abstract @returns {Promise<void>} */
  close() {
    throw new Error("not implemented");
  }
}
