import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { foldBankAccount } from '../../src/office/bank/bankAccount.js';
import type { BankEvent } from '../../src/office/bank/bankEvents.js';
import {
  executeBank,
  type OfficeStore,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { bankForm, bankPolicy, by, DAYS, entriesOf, giro, statementOf } from './bankStatements.js';

const program = fileURLToPath(new URL('./bankReader.ts', import.meta.url));
const { at } = bankForm;

/** Starts a process; returns once it is ready to read. */
async function ready(file: string, overlap: number) {
  const child = spawn(process.execPath, [bundledProgram(program), file, String(overlap)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const findings = async () => {
    const { value } = await lines.next();
    expect(await ended).toEqual([0, null]);
    return JSON.parse(value as string) as readonly string[];
  };
  return { begin: () => child.stdin.write('begin'), findings };
}

it.each([
  ['the same statements', 0],
  ['statements that overlap', 1],
])('two processes with %s, and a person beside them, post each entry once', async (_, overlap) => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const office = sqliteEventStore(database, {
    ...{ synchronous: 'normal', busyTimeoutMs: 60_000, codec: officeEvents },
  }) as OfficeStore;
  for (let day = 0; day < DAYS; day++) {
    const [{ amount }] = entriesOf(day);
    const deposit = {
      type: 'DepositFromSafe',
      id: `d${day}`,
      amount,
      reference: `slip ${100 + day}`,
    } as const;
    await executeBank(office, bankPolicy, giro, { ...deposit, at: '2026-03-01T10:00:00Z', by });
  }
  const processes = await Promise.all([ready(file, 0), ready(file, overlap)]);
  for (const { begin } of processes) begin();
  const retry = { attempts: 1_000 };
  for (let day = 0; day < DAYS; day++) {
    const [deposit, gift] = entriesOf(day);
    const of = ({ id, entryId, bookedOn, amount }: typeof gift) => ({
      id: `hand ${id}`,
      entryId,
      bookedOn,
      amount,
      at,
      by,
    });
    const item = {
      kind: 'safeDeposit',
      depositId: `d${day}`,
      method: 'CASH',
      amount: deposit.amount,
    } as const;
    const confirm = { type: 'ConfirmBankEntry', items: [item], ...of(deposit) } as const;
    const book = { type: 'BookBankEntry', reason: 'OTHER', ...of(gift) } as const;
    for (const command of [confirm, book]) await executeBank(office, bankPolicy, giro, command, { retry });
  }
  const allowed = ['ENTRY_REFUSED', 'ENTRY_UNKNOWN', 'NOT_AT_BANK'];
  for (const { findings } of processes) for (const code of await findings()) expect(allowed).toContain(code);

  const { events } = await office.read({ institution: 'north', stream: 'bank:GIRO' });
  const account = foldBankAccount(events.map(({ event }) => event as BankEvent));
  const all = Array.from({ length: DAYS }, (_, day) => entriesOf(day)).flat();
  expect([...account.entries.keys()].sort()).toEqual(all.map(({ entryId }) => entryId).sort());
  const accounts = memoryEventStore({ now: () => at });
  const { findings } = await runBankReconciliation({ accounts, office }, bankPolicy, bankForm, {
    entries: readCamt053([statementOf(0, DAYS - 1)]),
  });
  expect(findings.first).toEqual([]);
  database.close();
  remove();
});
