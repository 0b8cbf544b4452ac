// Shared by the sample servers: an SQLite database with the fees of four patrons, and the command line.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { definePolicy, type FeePolicy, isPatronFeesError } from 'patron-fees';
import { fromAlmaFees } from 'patron-fees/alma';
import type { EventStore } from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import fees from '../data/alma-fees.json' with { type: 'json' };
import renewal from '../data/alma-fees-card-renewal.json' with { type: 'json' };
import parts from '../data/alma-fees-part-payments.json' with { type: 'json' };
import payAmount from '../data/alma-fees-pay-amount.json' with { type: 'json' };

export const policy = definePolicy({
  currency: 'USD',
  destinations: { BANNER: 'Student accounts' },
  transfers: { expectsSettlement: true },
  blockLimits: { '*': [{ amount: '50.00' }] },
});

export const institution = 'NORTH';

/** A patron, as the directory of a library knows one. */
export type Person = {
  readonly patronId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** The code of the user group, and its name. */
  readonly group: readonly [code: string, name: string];
  readonly password: string;
};

const student = ['STUDENT', 'Student'] as const;
const teacher = ['FACULTY', 'Faculty'] as const;

/** The directory of the example: who the patrons are. Their password is 1234. */
export const people: readonly Person[] = [
  ['dverma', 'Dev', 'Verma', student] as const,
  ['ftanaka', 'Fumi', 'Tanaka', student] as const,
  ['lbergstrom', 'Lena', 'Bergström', teacher] as const,
  ['nodonnell', 'Niamh', 'O’Donnell', teacher] as const,
].map(([patronId, firstName, lastName, group]) => {
  return { patronId, firstName, lastName, group, email: `${patronId}@north.example`, password: '1234' };
});

/** The names of the example's libraries. */
export const libraries = { MAIN: 'Main Library', MUS: 'Music Library' };

/** What a sample server serves. */
export type ExampleAccounts = {
  readonly store: EventStore;
  readonly policy: FeePolicy;
  readonly institution: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Returns the patron's id if the patron has an account. */
  readonly patronId: (identifier: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
};

/**
 * Opens an SQLite database, and adds the example accounts that it does not have yet: dverma, ftanaka, lbergstrom and
 * nodonnell.
 *
 * @param file - the database's file; `:memory:` for a database in memory
 */
export async function exampleAccounts(file: string): Promise<ExampleAccounts> {
  const database = new Database(file);
  migrate(database);
  const store = sqliteEventStore(database);
  for (const response of [fees, parts, payAmount, renewal]) {
    const { events } = fromAlmaFees(response, { policy, institution, destination: 'BANNER' });
    const patronId = response.fee[0]?.user_primary_id.value ?? '';
    try {
      await store.append({ institution, patronId }, events, { expectedVersion: 0 });
    } catch (error) {
      // The account exists already: the database was used before.
      if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    }
  }
  return {
    store,
    policy,
    institution,
    now: () => new Date(),
    newId: () => randomUUID(),
    async patronId(identifier) {
      const { version } = await store.read({ institution, patronId: identifier }, { limit: 1 });
      return version > 0 ? identifier : undefined;
    },
    async close() {
      await store.close();
      database.close();
    },
  };
}

/** Reads the command line of a sample server: `--port 8080 --host 127.0.0.1 --file fees.db --key KEY`. */
export function commandLine(port: string) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: port },
      host: { type: 'string', default: '127.0.0.1' },
      file: { type: 'string', default: ':memory:' },
      key: { type: 'string', default: randomUUID() },
    },
  });
  return { ...values, port: Number(values.port) };
}
