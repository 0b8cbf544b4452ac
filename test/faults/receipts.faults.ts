import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { copyEvents } from '../../src/history/index.js';
import { foldReceiptSeries, officeEvents, type ReceiptIssued } from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { issue, storesWith } from '../office/receipts/receiptDesk.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const program = fileURLToPath(new URL('./receiptIssuer.ts', import.meta.url));
const [WRITERS, PAYMENTS] = [16, 60];

it('numbers receipts without gaps, once each, with 16 processes, 12 of them killed (kill -9)', async () => {
  const [one, other] = [temporaryFile(), temporaryFile()];
  const [accountsFile, officeFile] = [libsql.open(one.file), libsql.open(other.file)];
  migrate(accountsFile);
  migrate(officeFile);
  const accounts = sqliteEventStore(accountsFile, { synchronous: 'normal' });
  const office = sqliteEventStore(officeFile, { synchronous: 'normal', codec: officeEvents });
  await copyEvents((await storesWith(PAYMENTS)).accounts, accounts);

  const printed: string[] = [];
  const runWriter = async (index: number) => {
    const first = String((index * 4) % PAYMENTS);
    const child = spawn(process.execPath, [bundledProgram(program), one.file, other.file, first], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      printed.push(line.trimEnd());
      lines += 1;
      if (index < 12 && lines === index + 1) child.kill('SIGKILL');
    }
    const [code, signal] = await ended;
    return signal ?? code;
  };
  const ends = await Promise.all(Array.from({ length: WRITERS }, (_, index) => runWriter(index)));
  expect(ends).toEqual([...Array(12).fill('SIGKILL'), ...Array(WRITERS - 12).fill(0)]);

  const { events } = await office.read({ institution: 'north', stream: 'receipts:2026' });
  const series = events.map(({ event }) => event as ReceiptIssued);
  expect(foldReceiptSeries(series)).toEqual({ first: 1, last: PAYMENTS, receipts: PAYMENTS });
  // Every printed receipt has the number of the series.
  const numbers = new Map(series.map(({ data }) => [data.subjectId, data.number]));
  expect(new Set(printed)).toEqual(new Set([...numbers].map(([id, number]) => `${id.slice(1)} ${number}`)));
  expect((await issue({ accounts, office }, 7)).isCopy).toBe(true);
  accountsFile.close();
  officeFile.close();
  one.remove();
  other.remove();
});
