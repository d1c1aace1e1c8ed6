/** SQLite: one connection that reads, one that writes, both called in the event loop.
 *
 * A statement takes some ten microseconds, less than handing it to a thread. Only the
 * wait for another process's write lock is long, and that is spent asleep.
 */

import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DatabaseUnavailable,
  numbered,
  Queries,
  ReferenceViolation,
  readVersions,
  STATEMENTS,
  Storage,
  UniqueViolation,
} from "./database.js";
import { settings, sqlitePath } from "./settings.js";

/** @import { StatementSync } from "node:sqlite" */
/** @import { Row, Statement } from "./database.js" */

// SQLite's result codes: read-only, I/O error, corrupt, full, can't open, not a database.
const AWAY = new Set([8, 10, 11, 13, 14, 26]);
// Busy, locked.
const BUSY = new Set([5, 6]);
const UNIQUE = new Set([2067, 1555]);
const FOREIGN_KEY = 787;

/** Another process holds the lock at this moment. */
class DatabaseBusy extends DatabaseUnavailable {}

/**
 * Raise SQLite's errors as those of the module `database`.
 * @template T
 * @param {() => T} action
 */
function translated(action) {
  try {
    return action();
  } catch (error) {
    const { errcode, message } = /** @type {{ errcode?: number, message: string }} */ (
      error
    );
    if (errcode === undefined) throw error;
    if (UNIQUE.has(errcode)) throw new UniqueViolation(message);
    if (errcode === FOREIGN_KEY) throw new ReferenceViolation(message);
    if (BUSY.has(errcode & 0xff)) throw new DatabaseBusy(message);
    if (AWAY.has(errcode & 0xff)) throw new DatabaseUnavailable(message);
    throw error;
  }
}

/** A file in WAL mode, shared by any number of processes on one machine. */
export class SqliteStorage extends Storage {
  #path;
  /** @type {Connection | undefined} */
  #reader;
  /** @type {Connection | undefined} */
  #writer;
  /** The last in the queue of writers: an await lets other requests run in between. */
  #last = Promise.resolve();

  /** @param {string} url */
  constructor(url) {
    super();
    this.#path = sqlitePath(url);
  }

  /** @override */
  async start() {
    const deadline = Date.now() + settings.DATABASE_TIMEOUT * 1000;
    const writer = await patiently(() => new Connection(this.#path), deadline);
    const reader = await patiently(() => new Connection(this.#path), deadline);
    reader.execute("PRAGMA query_only = on");
    await exclusively(writer, deadline, async () => translated(() => migrate(writer)));
    this.#writer = writer;
    this.#reader = reader;
  }

  /** @override @param {Statement} statement @param {Row} parameters */
  async read(statement, parameters) {
    if (!this.isReady) await this.ready();
    const reader = /** @type {Connection} */ (this.#reader);
    const fetch = () => reader.fetch(statement, parameters);
    try {
      // Readers hardly ever wait, and another promise for it takes its time.
      return translated(fetch);
    } catch (error) {
      if (!(error instanceof DatabaseBusy)) throw error;
      return patiently(fetch, Date.now() + settings.DATABASE_TIMEOUT * 1000);
    }
  }

  /** @override @template T @param {(queries: any) => Promise<T>} work */
  async transaction(work) {
    const deadline = Date.now() + settings.DATABASE_TIMEOUT * 1000;
    await this.ready();
    const writer = /** @type {Connection} */ (this.#writer);
    const queries = new Queries(async (statement, parameters) =>
      translated(() => writer.fetch(statement, parameters)),
    );
    const turn = this.#last.then(() =>
      exclusively(writer, deadline, () => work(queries)),
    );
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /** @override */
  async close() {
    await this.#last;
    this.#reader?.close();
    this.#writer?.close();
  }
}

/**
 * A statement, the names of its parameters in their order, and the maker of its rows.
 * @typedef {{ prepared: StatementSync, names: string[],
 *   rowOf: (values: any[]) => Row }} Prepared
 */

/** A connection with its prepared statements. */
class Connection {
  #database;
  /** @type {Map<Statement, Prepared>} */
  #prepared = new Map();

  /** @param {string} path */
  constructor(path) {
    // No time-out of its own: SQLite would wait for a lock without the event loop.
    this.#database = new DatabaseSync(path, { timeout: 0 });
    try {
      this.execute("PRAGMA journal_mode = wal");
      this.execute(`PRAGMA synchronous = ${settings.SQLITE_SYNCHRONOUS}`);
      this.execute("PRAGMA foreign_keys = on");
      // In KiB. SQLite's own 2 MiB are too few for what is read of a million articles.
      this.execute("PRAGMA cache_size = -16384");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get inTransaction() {
    return this.#database.isTransaction;
  }

  /** @param {string} text */
  execute(text) {
    this.#database.exec(text);
  }

  /** @param {Statement} statement @param {Row} parameters @returns {any} */
  fetch(statement, parameters) {
    const { prepared, names, rowOf } =
      this.#prepared.get(statement) ?? this.#prepare(statement);
    // By number: node:sqlite would look for each name in the statement, every time.
    const bound = names.map((name) => parameters[name]);
    const rows = /** @type {any[]} */ (prepared.all(...bound));
    if (statement.kind === "values") return rows.map((values) => values[0]);
    const made = rows.map((values) => rowOf(values));
    return statement.kind === "many" ? made : made[0];
  }

  /** @param {Statement} statement @returns {Prepared} */
  #prepare(statement) {
    const { text, names } = numbered(statement, "?");
    const prepared = this.#database.prepare(text);
    prepared.setReturnArrays(true);
    const known = { prepared, names, rowOf: makerOfRows(prepared) };
    this.#prepared.set(statement, known);
    return known;
  }

  close() {
    this.#database.close();
  }
}

/**
 * Return `(values) => ({ id: values[0], … })` with the names of the statement's columns.
 *
 * Written out it is compiled, as Zod does it for its objects: rows of a list would take
 * three times as long in a loop over the names, and more in those of node:sqlite.
 * @param {StatementSync} prepared
 */
function makerOfRows(prepared) {
  const fields = prepared
    .columns()
    .map(({ name }, index) => `${JSON.stringify(name)}: values[${index}]`);
  return /** @type {(values: any[]) => Row} */ (
    new Function("values", `return { ${fields.join(", ")} };`)
  );
}

/** @param {Connection} connection */
function migrate(connection) {
  const [preamble, ...versions] = readVersions();
  connection.execute(preamble);
  const ping = connection.fetch(STATEMENTS.ping, {});
  for (
    let version = (ping.version ?? 0) + 1;
    version <= versions.length;
    version += 1
  ) {
    connection.execute(versions[version - 1]);
    connection.fetch(STATEMENTS.insertVersion, { version });
  }
}

/**
 * @template T
 * @param {Connection} connection
 * @param {number} deadline
 * @param {() => Promise<T>} work
 */
async function exclusively(connection, deadline, work) {
  await patiently(() => connection.execute("BEGIN IMMEDIATE"), deadline);
  try {
    const result = await work();
    translated(() => connection.execute("COMMIT"));
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.execute("ROLLBACK");
    throw error;
  }
}

/**
 * Try until no other process holds the lock; they hold it for moments.
 * @template T
 * @param {() => T} action
 * @param {number} deadline in milliseconds since 1970
 */
async function patiently(action, deadline) {
  for (;;) {
    try {
      return translated(action);
    } catch (error) {
      if (!(error instanceof DatabaseBusy) || Date.now() > deadline) throw error;
      await sleep(5);
    }
  }
}
