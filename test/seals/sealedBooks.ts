import { definePolicy } from 'patron-fees';
import {
  type KnownSealFinding,
  type SealFinding,
  type SealForm,
  type SealOptions,
  sealPeriod,
  type VerifySealsForm,
  type VerifySealsOptions,
  verifySeals,
} from 'patron-fees/closing';
import { type ErasingEventStore, memoryEventStore } from 'patron-fees/history';
import { executeTill, type OfficeStore, officeEvents } from 'patron-fees/office';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { by } from '../office/till/tills.js';
import { randomAccounts } from '../support/randomAccounts.js';
import { libsql, type OpenDatabase } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

export const institution = 'north';
export const timeZone = 'America/New_York';
export const policy = definePolicy({ currency: 'USD' });

/** The months of the books, each with a time at which it can be sealed. */
export const months = ['2026-01', '2026-02', '2026-03'] as const;

/** The stores of a library, its clock, and the folder of its seals. */
export type Books = {
  readonly stores: { readonly accounts: ErasingEventStore; readonly office: OfficeStore };
  readonly clock: { now: string };
  readonly folder: string;
};

/** Returns empty books in memory. */
export function emptyBooks(): Books {
  const clock = { now: '2026-01-02T15:00:00Z' };
  const now = () => clock.now;
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  return { stores, clock, folder: temporaryFolder() };
}

/** Returns an open database with the tables of the library. */
export function newDatabase(): OpenDatabase {
  const database = libsql.open(':memory:');
  migrate(database);
  return database;
}

/** Returns books over two databases. */
export function booksOver(accounts: OpenDatabase, office: OpenDatabase, folder = temporaryFolder()): Books {
  const clock = { now: '2026-01-02T15:00:00Z' };
  const now = () => clock.now;
  const stores = {
    accounts: sqliteEventStore(accounts, { now }),
    office: sqliteEventStore(office, { now, codec: officeEvents }),
  };
  return { stores, clock, folder };
}

/** Returns the first day after a month. */
export function after(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  return new Date(Date.UTC(year, number, 1, 12)).toISOString();
}

/** Seals a month. */
export function seal(
  { stores, folder, clock }: Books,
  month: string,
  form: Partial<SealForm> = {},
  options: Partial<SealOptions> = {},
) {
  const whole = { institution, month, timeZone, at: after(month), ...form };
  clock.now = whole.at;
  return sealPeriod(stores, policy, whole, { folder, ...options });
}

/** Verifies the seals. */
export function verify(
  { stores, folder }: Books,
  form: Partial<VerifySealsForm> = {},
  options: Partial<VerifySealsOptions> = {},
) {
  return verifySeals(stores, policy, { institution, ...form }, { folder, ...options });
}

/** Seals a month, which must be accepted. */
export async function sealed(books: Books, month: string, form: Partial<SealForm> = {}) {
  const result = await seal(books, month, form);
  if (!result.accepted || result.report.seal === null) throw new Error(JSON.stringify(result));
  return result.report.seal;
}

/** Returns the entries that make findings known. */
export function explained(findings: readonly SealFinding[]): readonly KnownSealFinding[] {
  return findings.map(({ institution: _, knownSince: _since, message: _message, ...seen }) => ({
    ...seen,
    by: 'mo',
    why: 'a slow clock',
  }));
}

/** Seals a month, and makes known all that it is refused for. */
export async function sealedAsKnown(books: Books, month: string) {
  const refused = await seal(books, month);
  if (refused.accepted || refused.rejection.type !== 'BooksDiffer') throw new Error(JSON.stringify(refused));
  return await sealed(books, month, { known: explained(refused.rejection.findings.first) });
}

/** Returns the findings as short texts. */
export async function found(books: Books, form: Partial<VerifySealsForm> = {}): Promise<readonly string[]> {
  const { findings } = await verify(books, form);
  return findings.first.map(
    (one) => `${one.code} ${'stream' in one ? one.stream : one.patronId} ${one.version} ${one.seal}`,
  );
}

/**
 * Records random accounts over the months, each month a part of them, with a till and its sessions; calls `close` after each
 * month.
 */
export async function record(
  { stores, clock }: Books,
  { seed, count }: { readonly seed: number; readonly count: number },
  close: (month: string) => Promise<unknown>,
): Promise<void> {
  const accounts = randomAccounts(count, seed);
  const done = accounts.map(() => 0);
  for (const [index, month] of months.entries()) {
    let minute = 0;
    const tick = () => {
      minute += 1;
      clock.now = new Date(Date.UTC(2026, index, 5, 15, minute, 0, minute)).toISOString();
    };
    for (const [position, { patronId, events }] of accounts.entries()) {
      const from = done[position] as number;
      // Some accounts begin later, and some end early.
      const share = (position + index) % 4 === 0 ? 0 : Math.ceil(events.length / 2);
      const part = events.slice(from, index === 2 ? events.length : from + share);
      done[position] = from + part.length;
      for (const event of part) {
        tick();
        await stores.accounts.append({ institution, patronId }, [event], { expectedVersion: 'any' });
      }
    }
    for (const [number, command] of session(month).entries()) {
      tick();
      const { decision } = await executeTill(stores.office, policy, { institution, till: 'CIRC' }, command);
      if (!decision.accepted) throw new Error(`${number} ${JSON.stringify(decision.rejection)}`);
    }
    await close(month);
  }
}

function session(month: string) {
  const [sessionId, at] = [`CIRC/${month}`, `${month}-05T18:00:00-05:00`];
  const counts = [{ method: 'CASH', amount: '51.00' }];
  return [
    { type: 'OpenTill', id: sessionId, float: '50.00', at, by, comment: 'Early shift' },
    { type: 'MoveTillMoney', id: `${sessionId}/in`, sessionId, direction: 'in', amount: '1.00', at, by },
    { type: 'CloseTill', id: `${sessionId}/end`, sessionId, takings: [], counts, at, by },
  ] as const;
}
