// Connections that are used for one purpose until they are ended: to hold a lock, or to listen.
import { PatronFeesError } from '../../errors.js';
import type { HeldLock, RunnerLock, WatchableEventStore } from '../../history/follow.js';
import { assertQueryable, connectionOf, isPool, isRunner, needsPool, type Queryable } from './session.js';
import { CHANNEL } from './statements.js';

/** A connection of its own. */
type DedicatedConnection = Queryable & {
  /** Returns whether the connection broke. */
  readonly isLost: () => boolean;
  /** Calls a function when the connection breaks. */
  readonly onLost: (call: () => void) => void;
  /** Calls a function for each notification. */
  readonly onNotification: (call: () => void) => void;
  /** Ends it; locks and listening end with it. */
  readonly end: () => void;
};

/** Takes a connection from a pool. In PGlite, which has a single connection, it is that one. */
async function dedicatedConnection(database: Queryable): Promise<DedicatedConnection> {
  if (isRunner(database)) {
    return {
      query: (text, values) => database.query(text, values),
      isLost: () => false,
      onLost: () => undefined,
      onNotification: () => undefined,
      end: () => undefined,
    };
  }
  if (!isPool(database)) throw new PatronFeesError('INVALID_ARGUMENT', needsPool);
  let isLost = false;
  const lost = () => {
    isLost = true;
  };
  const client = await connectionOf(database, lost);
  const listeners: [event: string, listener: () => void][] = [];
  const on = (event: string, listener: () => void) => {
    listeners.push([event, listener]);
    client.on(event, listener);
  };
  on('end', lost);
  return {
    query: (text, values) => client.query(text, values),
    isLost: () => isLost,
    onLost: (call) => {
      on('error', call);
      on('end', call);
    },
    onNotification: (call) => on('notification', call),
    end: () => {
      for (const [event, listener] of listeners) {
        // The pool closes the connection below; an error of it until then must not end the process.
        if (event !== 'error') client.removeListener(event, listener);
      }
      client.release(true);
    },
  };
}

/** The calls of `watch` of a pool, each of which keeps a connection. */
const watches = new WeakMap<Queryable, Set<object>>();

/**
 * Throws unless a pool that keeps one more connection has another one left. Otherwise the next statement of the runner
 * that keeps this one would wait for ever.
 */
function assertOneLeft(database: Queryable): void {
  const max = isPool(database) ? database.options?.max : undefined;
  const kept = 1 + (watches.get(database)?.size ?? 0) + (lockConnections.has(database) ? 1 : 0);
  if (typeof max !== 'number' || max > kept) return;
  const reason = `its locks keep a connection, and each watch does, ${kept} in all`;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `database: expected a Pool with max of at least ${kept + 1}, since ${reason}; found ${max}`,
    { expected: kept + 1, found: max },
  );
}

/**
 * The number of a lock. Stores in two schemas of a database have tables of the same names, each with runners of its
 * own.
 */
const LOCK_KEY = "hashtextextended(coalesce(current_schema(), '') || '.' || $1, 0)";

/**
 * Returns a lock that one runner at a time holds, in all processes that share a schema: an advisory lock, so it ends
 * with the process. The schema is the first one of the search path, as for the tables. All locks of a pool that are
 * held share one of its connections, so `max` must be at least 2, and one more for each `watch`. A transaction-mode
 * pooler cannot hold locks: connect directly, or to a pooler in session mode.
 *
 * @param database - a `Pool` of pg, or PGlite
 * @param name - the name of the lock, in this schema
 * @returns the lock, for {@link history.FollowedProjection}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, when it is taken, for a single client, or
 * a pool that would have no other connection left
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { advisoryLock } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * const held = await advisoryLock(database, 'totals by day').tryAcquire();
 * held?.isHeld(); //=> true
 * await held?.release();
 * await database.close();
 * ```
 */
export function advisoryLock(database: Queryable, name: string): RunnerLock {
  assertQueryable(database);
  return {
    tryAcquire: async () => {
      const { connection: opening, names } = locksOf(database);
      // The connection itself may take its locks again.
      if (names.has(name)) return undefined;
      names.add(name);
      const release = () => {
        names.delete(name);
        if (names.size > 0) return;
        if (lockConnections.get(database)?.names === names) lockConnections.delete(database);
        opening.then((connection) => connection.end()).catch(() => undefined);
      };
      try {
        const connection = await opening;
        const text = `select pg_try_advisory_lock(${LOCK_KEY}) as taken`;
        const [row] = (await connection.query(text, [name])).rows as readonly { readonly taken: boolean }[];
        if (row?.taken === true) return heldLock(connection, name, release);
      } catch (error) {
        release();
        throw error;
      }
      release();
      return undefined;
    },
  };
}

/** The connection that holds the locks of a pool, and the names of those that are held or about to be taken. */
type LockConnection = { readonly connection: Promise<DedicatedConnection>; readonly names: Set<string> };

const lockConnections = new WeakMap<Queryable, LockConnection>();

/** Returns the connection for another lock: the one of the held locks, or a new one if there is none, or it is lost. */
function locksOf(database: Queryable): LockConnection {
  const known = lockConnections.get(database);
  if (known !== undefined) return known;
  assertOneLeft(database);
  const locks = { connection: dedicatedConnection(database).then(inTurn), names: new Set<string>() };
  lockConnections.set(database, locks);
  const forget = () => {
    if (lockConnections.get(database) === locks) lockConnections.delete(database);
  };
  locks.connection.then((connection) => connection.onLost(forget), forget);
  return locks;
}

/** Returns the connection with calls that run one after the other. */
function inTurn(connection: DedicatedConnection): DedicatedConnection {
  let last: Promise<unknown> = Promise.resolve();
  const query: DedicatedConnection['query'] = (text, values) => {
    const next = last.then(() => connection.query(text, values));
    last = next.catch(() => undefined);
    return next;
  };
  return { ...connection, query };
}

function heldLock(connection: DedicatedConnection, name: string, release: () => void): HeldLock {
  return {
    isHeld: () => !connection.isLost(),
    release: async () => {
      try {
        await connection.query(`select pg_advisory_unlock(${LOCK_KEY})`, [name]);
      } finally {
        release();
      }
    },
  };
}

/** The time until a lost connection is replaced. */
const RECONNECT_MS = 1_000;

/** The part of PGlite that listens. */
type Listener = Queryable & {
  readonly listen: (channel: string, call: () => void) => Promise<() => Promise<void>>;
};

function isListener(database: Queryable): database is Listener {
  return typeof (database as Partial<Listener>).listen === 'function';
}

/**
 * Returns the function that watches a database for notifications of appends, on a connection of its own. A lost
 * connection is replaced; then the function is called once, for notifications that were missed.
 */
export function watchAppends(database: Queryable): WatchableEventStore['watch'] {
  if (isListener(database)) return (onChange) => database.listen(CHANNEL, onChange);
  return async (onChange) => {
    assertOneLeft(database);
    const running = watches.get(database) ?? new Set();
    let isStopped = false;
    let current: DedicatedConnection | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = async (): Promise<void> => {
      const connection = await dedicatedConnection(database);
      current = connection;
      connection.onNotification(onChange);
      connection.onLost(() => {
        if (current !== connection) return;
        stop();
        restartLater();
        onChange();
      });
      await connection.query(`listen ${CHANNEL}`);
      if (isStopped) stop();
      else onChange();
    };
    const stop = () => {
      const connection = current;
      current = undefined;
      connection?.end();
    };
    const restartLater = () => {
      if (isStopped || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        start().catch(() => {
          stop();
          restartLater();
        });
      }, RECONNECT_MS);
    };
    const end = async () => {
      isStopped = true;
      running.delete(end);
      clearTimeout(timer);
      stop();
    };
    watches.set(database, running.add(end));
    try {
      await start();
    } catch (error) {
      // A lost connection is about to be replaced, but the caller watches anew.
      await end();
      throw error;
    }
    return end;
  };
}
