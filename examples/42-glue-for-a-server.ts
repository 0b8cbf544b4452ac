// What every server around an account writes: a refusal as an error, as a problem in the reader's language, and a
// transaction of PostgreSQL that also rolls back what was refused. Copy it whole.
import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import {
  type Command,
  definePolicy,
  type FeePolicy,
  type Rejection,
  type RejectionKind,
  rejectionText,
} from 'patron-fees';
import { type Executed, execute, type ReadAppendStore, type StreamId } from 'patron-fees/history';
import { migrate, postgresEventStore, type Queryable } from 'patron-fees/postgres';
import { french, german } from 'patron-fees/words';

/** Thrown where a refusal must end what surrounds it, such as a transaction. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';

  constructor(readonly rejection: Rejection) {
    super(rejectionText(rejection));
  }
}

/** Executes a command; a refusal throws. */
export async function executeOrThrow(
  store: ReadAppendStore,
  policy: FeePolicy,
  stream: StreamId,
  command: Command,
): Promise<Executed> {
  const executed = await execute(store, policy, stream, command);
  if (!executed.decision.accepted) throw new CommandRefused(executed.decision.rejection);
  return executed;
}

const statuses: Readonly<Record<RejectionKind, number>> = {
  invalid: 400,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
};
const languages: Readonly<Record<string, typeof german>> = { de: german, fr: french };

/** Returns a refusal as RFC 9457 describes it, in German, French, or else English (`Accept-Language`). */
export function problem(rejection: Rejection, accepted = 'en') {
  const words = languages[accepted.slice(0, 2).toLowerCase()]?.rejections;
  const { type: title, kind } = rejection;
  const detail = rejectionText(rejection, words === undefined ? {} : { words });
  return { type: `urn:patron-fees:${title}`, title, status: statuses[kind], detail, rejection };
}

type Client = {
  readonly query: (
    ...statement: Parameters<Queryable['query']>
  ) => Promise<{ readonly rows: readonly unknown[]; readonly command?: string }>;
  readonly release: (error?: unknown) => void;
};

/** Runs work in a transaction of a `pg.Pool`: all of it is stored, or none if anything throws. */
export async function inTransaction<Result>(
  pool: { readonly connect: () => Promise<Client> },
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let lost: unknown;
  try {
    await client.query('begin');
    const result = await work(client);
    const { command } = await client.query('commit');
    // If the work went on after a statement that failed, PostgreSQL rolls back, and reports it only so.
    if (command === 'ROLLBACK') throw new Error('a statement had failed, so all were rolled back');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      lost = failure;
    });
    throw error;
  } finally {
    // A connection that did not roll back may still be in the transaction: the next caller must not get it.
    client.release(lost);
  }
}

const database = new PGlite();
await migrate(database);
await database.query('create table loan (id text primary key)');
const query: Queryable['query'] = (text, values) => database.query(text, values as unknown[]);
const pool = { connect: async () => ({ query, release: () => {} }) };
const store = postgresEventStore(database);
const policy = definePolicy({ currency: 'EUR' });
const stream = { institution: 'north', patronId: 'dverma' };
const at = '2026-03-02T09:00:00Z';

/** Lends an item for a fee: the loan and the fee are stored together. */
const lend = (loan: string, feeType: string) =>
  inTransaction(pool, async (client) => {
    await client.query('insert into loan values ($1)', [loan]);
    const fee = { type: 'AssessFee', id: loan, feeType, amount: '1.00', owner: 'MAIN', at } as const;
    return executeOrThrow(store.within(client), policy, stream, fee);
  });

assert.equal((await lend('loan-1', 'SERVICEFEE')).version, 1);
const error = await lend('loan-2', 'PARKING').catch((thrown: unknown) => thrown);
assert(error instanceof CommandRefused);
assert.deepEqual((await database.query('select id from loan')).rows, [{ id: 'loan-1' }]);
assert.equal((await store.read(stream)).version, 1);

// A server that no longer answers: the pool drops the connection.
let dropped: unknown;
const unanswered = async () => Promise.reject(new Error('no answer'));
const release = (lost?: unknown) => {
  dropped = lost;
};
const silent = { query: unanswered, release };
await assert.rejects(inTransaction({ connect: async () => silent }, async () => 'done'));
assert(dropped instanceof Error);

const { status, detail } = problem(error.rejection, 'de-AT,de;q=0.9');
assert.deepEqual([status, detail.startsWith('Es gibt keine Gebührenart PARKING.')], [400, true]);
console.log(problem(error.rejection, 'fr').detail, problem(error.rejection).detail);
await store.close();
await database.close();
