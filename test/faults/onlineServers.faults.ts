import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { execute, loadAccount } from '../../src/history/index.js';
import { journalText } from '../../src/jobs/reports/index.js';
import { loadOnlinePayment, startOnlinePayment } from '../../src/online/index.js';
import { migrate as preparePostgres } from '../../src/stores/postgres/index.js';
import { migrate as prepareSqlite } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { onlineServerPolicy, openStores, type ServerJob, type SharedStores, work } from './onlineServer.js';
import { timesOf } from './timesOf.js';

const program = fileURLToPath(new URL('./onlineServer.ts', import.meta.url));
const TIMES = timesOf(40);
const at = '2026-03-02T09:00:00Z';
const later = '2026-03-04T09:00:00Z';
const by = { userId: 'mo', roles: ['USER_MANAGER'] };

/** A process that does one job after the other. */
async function startServer(where: SharedStores) {
  const child = spawn(process.execPath, [bundledProgram(program), JSON.stringify(where)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return async (job: ServerJob): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    return JSON.parse((await lines.next()).value);
  };
}

type Answer = {
  readonly accepted?: boolean;
  readonly isRepeat?: boolean;
  readonly status?: string;
  readonly rejection?: { readonly type: string };
  readonly kept?: readonly { readonly keptId: string }[];
};

/** Returns in a word what became of a job. */
const outcome = ({ accepted, isRepeat, rejection, status }: Answer) =>
  accepted === true ? (isRepeat ? 'repeat' : (status ?? 'done')) : (rejection?.type ?? 'other');

async function sqliteFiles(): Promise<SharedStores> {
  const files = [temporaryFile(), temporaryFile()].map(({ file, remove }) => {
    onTestFinished(remove);
    const database = libsql.open(file);
    prepareSqlite(database);
    database.close();
    return file;
  });
  return { files: files as never };
}

async function postgresSchemas(): Promise<SharedStores> {
  const { connection, remove } = await postgresServer();
  onTestFinished(remove);
  const schemas = ['accounts', 'office'] as const;
  for (const schema of schemas) {
    const pool = newPool({ ...connection, options: `-c search_path=${schema}` });
    await pool.query(`create schema ${schema}`);
    await preparePostgres(pool);
    await pool.end();
  }
  return { connection, schemas };
}

describe.each([
  { name: 'an SQLite file', prepare: sqliteFiles },
  { name: 'a PostgreSQL database', prepare: postgresSchemas },
])('two servers over $name', ({ prepare }) => {
  it('settle what they settle at the same moment once, before the report and after it', async () => {
    const where = await prepare();
    const stores = openStores(where);
    const servers = [await startServer(where), await startServer(where)] as const;
    const both = (one: ServerJob, other = one) => Promise.all([servers[0](one), servers[1](other)]);
    for (let time = 0; time < TIMES; time++) {
      const institution = `north${time}`;
      const job = { institution, at };
      const patron = { institution, patronId: 'ann' };
      const give = async (command: object) => {
        const whole = { ...command, at } as never;
        expect((await execute(stores.accounts, onlineServerPolicy, patron, whole)).decision.accepted).toBe(
          true,
        );
      };
      const start = async (onlinePaymentId: string) => {
        await give({
          type: 'AssessFee',
          id: onlinePaymentId,
          feeType: 'OTHER',
          amount: '5.00',
          owner: 'MAIN',
        });
        const parts = [{ patronId: 'ann', feeId: onlinePaymentId }];
        const form = { institution, onlinePaymentId, parts, at };
        expect((await startOnlinePayment(stores, onlineServerPolicy, form)).accepted).toBe(true);
      };
      const captured = (onlinePaymentId: string) => ({
        onlinePaymentId,
        captures: [{ externalTransactionId: `pi_${onlinePaymentId}`, amount: '5.00', currency: 'USD' }],
      });
      const tell = (form: object) =>
        work(stores, { ...job, do: 'reportOnlinePayment', form }) as Promise<Answer>;
      const settleReport = async (onlinePaymentId: string): Promise<ServerJob> => {
        const [kept] = (await tell(captured(onlinePaymentId))).kept ?? [];
        const form = { keptId: kept?.keptId, reason: 'a test of the provider', by };
        return { ...job, do: 'settleOnlineReport', form };
      };

      // A report of a payment that nobody knows: one settles it, the other repeats.
      const unknown = await settleReport('never');
      expect((await both(unknown)).map(outcome).sort()).toEqual(['repeat', 'settled']);

      // What was settled is told again, by both, once its payment is there; or one settles it while the other tells it.
      const early = await settleReport('o1');
      const reported = { ...job, do: 'reportOnlinePayment', form: captured('o1') } as const;
      const isBefore = time % 2 === 0;
      if (isBefore) expect((await both(early)).map(outcome).sort()).toEqual(['repeat', 'settled']);
      await start('o1');
      const [first, second] = await both(isBefore ? reported : early, reported);
      expect([isBefore ? 'done' : 'KeptRecorded', 'settled']).toContain(outcome(first));
      expect(outcome(second)).toBe('done');

      // One settles what the monitor of the other finishes: a capture that no account has recorded yet.
      await start('o2');
      const dying = {
        ...stores,
        accounts: { ...stores.accounts, append: () => Promise.reject(new Error('died')) },
      };
      await work(dying as never, { ...job, do: 'reportOnlinePayment', form: captured('o2') }).catch(
        () => undefined,
      );
      const part = { kind: 'capture', externalTransactionId: 'pi_o2', patronId: 'ann', what: 'apart' };
      const settlePart = (form: object): ServerJob => {
        return { ...job, do: 'settleOnlinePart', form: { ...form, reason: 'paid in cash', by } };
      };
      const monitor = { ...job, at: later, do: 'runOnlinePayments' } as const;
      const [byHand] = await both(settlePart({ ...part, onlinePaymentId: 'o2' }), monitor);
      expect(outcome(byHand)).toBe('PartRecorded');

      // A return that staff had handed back in cash waits: one settles it, the other repeats, and the monitor runs.
      await start('o3');
      await tell(captured('o3'));
      const { account } = await loadAccount(stores.accounts, patron);
      const paid = account.payments.find((one) => one.externalTransactionId === 'pi_o3');
      await give({ type: 'ReversePayment', id: 'handed', paymentId: paid?.paymentId, method: 'CASH' });
      const back = {
        externalTransactionId: 're_o3',
        of: 'pi_o3',
        kind: 'refund',
        amount: '5.00',
        currency: 'USD',
      };
      await tell({ onlinePaymentId: 'o3', returns: [back] });
      const returned = { ...part, kind: 'return', externalTransactionId: 're_o3', onlinePaymentId: 'o3' };
      const [answers] = await Promise.all([both(settlePart(returned)), work(stores, monitor)]);
      expect(answers.map(outcome).sort()).toEqual(['done', 'repeat']);

      // All is told again, and both monitors run: what the books have does not change any more.
      for (const id of ['o1', 'o2', 'o3']) await both({ ...reported, form: captured(id) });
      await both(monitor);
      const { payments } = (await loadAccount(stores.accounts, patron)).account;
      expect(payments.map((one) => one.externalTransactionId).sort()).toEqual(['pi_o1', 'pi_o2', 'pi_o3']);
      const third = await loadOnlinePayment(stores.office, { institution, onlinePaymentId: 'o3' });
      expect(third?.settled).toMatchObject([{ what: 'apart', externalTransactionId: 're_o3' }]);
      expect(await work(stores, monitor)).toEqual({ codes: {}, kept: 0 });
      expect(await balancesOf(stores, institution)).toMatchObject({
        'cash,ONLINE': '10.00',
        'onlineApart,ONLINE': '5.00',
      });
    }
  });
});

async function balancesOf(stores: ReturnType<typeof openStores>, institution: string) {
  const form = { institution, format: 'csv', timeZone: 'UTC' } as const;
  const pieces = journalText(stores, onlineServerPolicy, form);
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true)
      return Object.fromEntries(value.balances.map(({ account, amount }) => [account.join(), amount]));
  }
}
