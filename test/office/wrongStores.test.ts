import { readFileSync } from 'node:fs';
import { isPatronFeesError } from 'patron-fees';
import * as bursar from 'patron-fees/bursar';
import * as closing from 'patron-fees/closing';
import { memoryEventStore } from 'patron-fees/history';
import * as imports from 'patron-fees/import';
import * as jobs from 'patron-fees/jobs';
import * as office from 'patron-fees/office';
import * as online from 'patron-fees/online';
import * as reports from 'patron-fees/reports';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { describe, expect, it } from 'vitest';
import { type AnyJob, at, everyJob, institution, order, policy } from '../support/everyJob.js';
import { libsql } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

// Every function that takes a store of the office refuses another one with one sentence.

const entryPoints = { office, online, bursar, closing, jobs, reports, import: imports };
type Callable = (...given: readonly unknown[]) => unknown;

/** The exported functions that take a store of the office, found by their signatures, and whether they take both stores. */
const takingOffice = Object.entries(entryPoints).flatMap(([entry, functions]) => {
  const snapshot = readFileSync(new URL(`../publicApi/${entry}.txt`, import.meta.url), 'utf8');
  return snapshot.split('\n\n').flatMap((block) => {
    const found =
      /^function (\w+)\((stores|store|office): ([\s\S]*?)(?:, (?:policy|form|id|question|institution):|\))/.exec(
        block,
      );
    const [, name = '', parameter, type = ''] = found ?? [];
    if (found === null || !/OfficeStore|OnlineStores|ReceiptStores/.test(type)) return [];
    const called = (functions as unknown as Record<string, Callable>)[name] as Callable;
    return [{ name, parameter, called }];
  });
});

const by = { channel: 'desk', userId: 'ana', roles: ['USER_MANAGER'] } as const;
const patron = { institution, patronId: 'u1' };
const receipt = { ...patron, kind: 'payment', subjectId: 'p1' };
const ordered = { institution, ...order };
const settled = { institution, at, by, reason: 'OTHER' };

/** The arguments after the stores, of the functions that are no job of {@link everyJob}. */
const otherArguments: Readonly<Record<string, () => readonly unknown[]>> = {
  closeMonth: () => {
    const folder = temporaryFolder();
    const form = { ...ordered, month: '2026-02', timeZone: 'UTC', format: 'csv' };
    return [policy, form, { folder, files: folder }];
  },
  closeReceiptSeries: () => [{ institution, series: '2026', at, by: { channel: 'desk', userId: 'ana' } }],
  executeBank: () => [policy, { institution, bank: 'GIRO' }, {}],
  executeRemittance: () => [policy, { institution }, { destination: 'BANNER' }],
  executeTill: () => [policy, { institution, till: 'CIRC' }, {}],
  heldOnline: () => [{ ...patron, at }],
  issueReceipt: () => [policy, { ...receipt, series: '2026', at, by: { channel: 'desk', userId: 'ana' } }],
  journalText: () => [policy, { institution, format: 'csv', timeZone: 'UTC' }],
  listOnlinePayments: () => [policy, { institution, at }],
  loadBankAccount: () => [{ institution, bank: 'GIRO' }],
  loadOnlinePayment: () => [{ institution, onlinePaymentId: 'o1' }],
  loadRemittances: () => [{ institution, destination: 'BANNER' }],
  loadTill: () => [{ institution, till: 'CIRC' }],
  onlineTransactionTotal: () => [institution],
  policyInForce: () => [{ institution, at }],
  reconcilePayouts: () => [policy, ordered, { rows: [] }],
  recordPolicy: () => [policy, { institution, id: 'r1', from: at, at, by }],
  reportOnlinePayment: () => [policy, { institution, onlinePaymentId: 'o1', at }],
  reprintReceipt: () => [policy, receipt],
  runOnlinePayments: () => [policy, ordered],
  settleOnlinePart: () => [
    policy,
    {
      ...settled,
      onlinePaymentId: 'o1',
      kind: 'capture',
      externalTransactionId: 'c',
      patronId: 'u1',
      what: 'apart',
    },
  ],
  settleOnlineReport: () => [policy, { ...settled, keptId: 'k1' }],
  startOnlinePayment: () => [policy, { institution, onlinePaymentId: 'o1', parts: [{ patronId: 'u1' }], at }],
  verifyMonthFiles: () => [{ institution, folder: temporaryFolder() }],
};

function argumentsOf(name: string): readonly unknown[] {
  const job = everyJob[name] as AnyJob | undefined;
  if (job !== undefined) return [policy, job.form, job.options?.() ?? {}];
  return (otherArguments[name] as () => readonly unknown[])();
}

const now = () => at;
const accounts = memoryEventStore({ now });
const ofOffice = memoryEventStore({ now, codec: office.officeEvents });
/** A file of its own, but opened without the codec. */
function withoutCodec() {
  const database = libsql.open(':memory:');
  migrate(database);
  return sqliteEventStore(database);
}

const noOffice = 'expected a store with the events of the office';
const noCodec = `${noOffice}, opened with the codec officeEvents, found a store of accounts`;

/** What is given in place of the store of the office, and what is said of it. */
const wrongOffices = [
  ['the store of the accounts', accounts, noCodec],
  ['a store without the codec', withoutCodec(), noCodec],
  ['the name of a file', 'office.db', `${noOffice}, found something else`],
  ['a promise', Promise.resolve(ofOffice), `${noOffice}, found a Promise: await it`],
  ['null', null, `missing (${noOffice})`],
] as const;

const errorOf = async (called: Callable, given: readonly unknown[]): Promise<unknown> => {
  try {
    return await called(...given);
  } catch (error) {
    return error;
  }
};

const faultsIn = (error: unknown) => {
  expect(isPatronFeesError(error, 'INVALID_ARGUMENT')).toBe(true);
  return (error as { readonly message: string }).message.slice('INVALID_ARGUMENT: '.length);
};

it('is asked of every function that takes a store of the office', () => {
  const names = takingOffice.map(({ name }) => name).sort();
  const known = new Set([...Object.keys(everyJob), ...Object.keys(otherArguments)]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(otherArguments).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(takingOffice)('$name', ({ name, parameter, called }) => {
  const isAlone = parameter !== 'stores';
  const path = isAlone ? parameter : 'stores.office';

  it.each(wrongOffices)('refuses %s for that of the office, with one sentence', async (_, wrong, said) => {
    const first = isAlone ? wrong : { accounts, office: wrong };
    const error = await errorOf(called, [first, ...argumentsOf(name)]);
    expect(faultsIn(error)).toBe(`${path}: ${said}`);
  });

  if (isAlone) return;
  it('refuses one store for both, and the two the wrong way round', async () => {
    const rest = () => argumentsOf(name);
    const isOffice = 'stores.accounts: expected the store of the accounts, found the store of the office';
    const said = async (stores: unknown) => faultsIn(await errorOf(called, [stores, ...rest()]));
    expect(await said({ accounts: ofOffice, office: ofOffice })).toContain(isOffice);
    expect(await said({ accounts: ofOffice, office: accounts })).toBe(
      `${isOffice}; stores.office: ${noCodec}`,
    );
    const unknown = { read: accounts.read, append: accounts.append, accounts: accounts.accounts };
    expect(await said({ accounts: unknown, office: unknown })).toBe(`stores.office: ${noCodec}`);
    await expect(errorOf(called, ['office.db', ...rest()]).then(faultsIn)).resolves.toMatch(/^stores/);
  });
});
