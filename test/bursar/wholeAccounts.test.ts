import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BursarForm,
  type BursarPatron,
  bursarExportOfAccount,
  runBursarExport,
} from '../../src/bursar/index.js';
import { type Command, definePolicy, fold, isAccruing, owed, type Permissions } from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import { accountAfter, ask, assess, pay, policyWith } from '../support/account.js';
import { LAW_TIMEOUT_MS, seeded, tried } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';
import { accountOf, institution, rowsOf, storeOf, temporaryFolder } from './bursarLibrary.js';

const policy = policyWith({
  destinations: { AGENCY: 'Collections' },
  transfers: { expectsSettlement: true, fees: { minimumAmount: '10.00', minimumAgeDays: 30 } },
});
const form: BursarForm = {
  jobId: 'placement-1',
  at: '2026-06-01T09:00:00Z',
  institution,
  destination: 'AGENCY',
  fees: {},
  wholeAccounts: { owedAbove: '25.00', minimumAgeDays: 60 },
};
const old = (id: string, amount: string, more: object = {}) =>
  assess(id, amount, { at: '2026-03-02T09:00:00Z', ...more });
const young = (id: string, amount: string) => assess(id, amount, { at: '2026-05-31T09:00:00Z' });

function sent(
  commands: readonly Command[],
  more: Partial<BursarForm> = {},
  others: readonly Command[][] = [],
) {
  const subject = {
    institution,
    patronId: 'u1',
    otherAccounts: others.map((each) => accountAfter(each, policy)),
  };
  const plan = bursarExportOfAccount(accountAfter(commands, policy), subject, { ...form, ...more }, policy);
  return plan.transfers.map(({ id, amount }) => `${id} ${amount}`);
}

const six = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6'].map((id) => old(id, '9.00'));

describe('an account that is transferred as a whole', () => {
  it("has six fees of 9.00 at a limit of 25, whatever the policy's minimum", () => {
    expect(sent(six)).toEqual(['f1 9.00', 'f2 9.00', 'f3 9.00', 'f4 9.00', 'f5 9.00', 'f6 9.00']);
    expect(sent(six, { wholeAccounts: undefined } as never)).toEqual([]);
  });

  it('is a finding if the roles of the job may not transfer it, or not that much', () => {
    const planned = (permission: NonNullable<Permissions['TransferFees']>, given = six) => {
      const limited = definePolicy({ ...policy, permissions: { TransferFees: permission } });
      const by = { channel: 'job', roles: ['JOB'] } as const;
      const subject = { institution, patronId: 'u1' };
      return bursarExportOfAccount(accountAfter(given, policy), subject, { ...form, by }, limited);
    };
    for (const permission of [{ OTHER: {} }, { JOB: { upTo: '53.99' } }]) {
      expect(planned(permission)).toMatchObject({
        transfers: [],
        findings: [{ code: 'REFUSED', rejection: { type: 'NotPermitted' } }],
      });
      expect(planned(permission, six.slice(2, 4)).findings).toEqual([]);
    }
    expect(planned({ JOB: { upTo: '54.00' } })).toMatchObject({ transfers: { length: 6 }, findings: [] });
  });

  it('is a finding if its transfer needs an approval', () => {
    const approvals = { TransferFees: { above: '50.00', roles: ['SUPERVISOR'] } };
    const careful = definePolicy({ ...policy, approvals });
    const subject = { institution, patronId: 'u1' };
    expect(bursarExportOfAccount(accountAfter(six, policy), subject, form, careful)).toMatchObject({
      transfers: [],
      findings: [{ code: 'REFUSED', rejection: { type: 'ApprovalRequired', amount: '54.00' } }],
    });
  });

  it('owes more than the limit, not exactly the limit', () => {
    expect(sent([old('f1', '25.00')])).toEqual([]);
    expect(sent([old('f1', '25.00'), old('f2', '0.01')])).toEqual(['f1 25.00', 'f2 0.01']);
    expect(sent([old('f1', '0.01')], { wholeAccounts: { owedAbove: '0', minimumAgeDays: 0 } })).toEqual([
      'f1 0.01',
    ]);
  });

  it('counts only old fees, but hands over the recent ones too', () => {
    expect(sent([old('f1', '20.00'), young('f2', '50.00')])).toEqual([]);
    expect(sent([old('f1', '26.00'), young('f2', '0.50')])).toEqual(['f1 26.00', 'f2 0.50']);
  });

  it('keeps disputed fees and fees in a payment plan, which do not count', () => {
    expect(sent([...six, ask('DisputeFee', 'd', { feeId: 'f1' })])).toHaveLength(5);
    const small = [old('f1', '20.00'), old('f2', '9.00'), ask('DisputeFee', 'd', { feeId: 'f2' })];
    expect(sent(small)).toEqual([]);
  });

  it('is chosen by the types and owners of the form', () => {
    const mixed = [old('f1', '20.00'), old('f2', '9.00', { owner: 'LAW' })];
    expect(sent(mixed)).toHaveLength(2);
    expect(sent(mixed, { fees: { owners: ['MAIN'] } })).toEqual([]);
    expect(
      sent(mixed, { wholeAccounts: { owedAbove: '15', minimumAgeDays: 60 }, fees: { owners: ['MAIN'] } }),
    ).toEqual(['f1 20.00']);
  });

  it('counts with the other accounts of the patron', () => {
    expect(sent([old('f1', '20.00')], {}, [[old('f1', '6.00')]])).toEqual(['f1 20.00']);
    expect(sent([old('f1', '20.00')], {}, [[old('f1', '5.00')]])).toEqual([]);
  });

  it('is followed by new fees while something is pending, if the form says so', () => {
    const placed = [
      ...six,
      ask('TransferFees', 'before', { fees: [{ feeId: 'f1' }], destination: 'AGENCY' }),
    ].filter(({ id }) => id === 'f1' || id === 'before');
    const following = { wholeAccounts: { owedAbove: '25', minimumAgeDays: 60, followsPlaced: true } };
    expect(sent([...placed, young('f7', '1.00')])).toEqual([]);
    expect(sent([...placed, young('f7', '1.00')], following)).toEqual(['f7 1.00']);
    const settled = ask('SettleTransfer', 's', { transferId: 'before', amount: '9.00' });
    expect(sent([...placed, settled, young('f7', '1.00')], following)).toEqual([]);
  });

  it.each([
    { credits: {} },
    { fees: { minimumAmount: '1' } },
    { fees: { minimumAgeDays: 1 } },
    { fees: undefined },
    { wholeAccounts: { owedAbove: '-1', minimumAgeDays: 1 } },
    { wholeAccounts: { owedAbove: '1' } },
  ])('refuses %j', (more) => {
    expect(() => sent([], more as never)).toThrow('INVALID_ARGUMENT');
  });

  it(
    'leaves nothing that could be transferred, or is left whole, in any state',
    () => {
      fc.assert(
        fc.property(moves(25), anyPolicy, fc.integer({ min: 0, max: 3_000 }), (story, rules, limit) => {
          const account = fold(runMoves(story, rules).flatMap(({ decision }) => decision.events));
          if (account.currency !== null && account.currency !== rules.currency) return;
          const { destination: _, ...given } = form;
          const owedAbove = String(limit);
          const whole = {
            ...given,
            at: '2099-01-01T00:00:00Z',
            jobId: 'a job',
            wholeAccounts: { owedAbove, minimumAgeDays: 0 },
          };
          const { events, transfers } = bursarExportOfAccount(
            account,
            { institution, patronId: 'p' },
            whole,
            rules,
          );
          const open = account.fees.filter(
            (fee) => owed(fee) > 0 && !fee.disputed && fee.planId === null && !isAccruing(fee),
          );
          const total = open.reduce((sum, fee) => sum + owed(fee), 0);
          const isAbove = total > limit * 10 ** account.minorDigits;
          expect(transfers.length > 0).toBe(isAbove);
          if (!isAbove) return;
          const after = fold(events, account);
          for (const { feeId } of open)
            expect(owed(after.fees.find((fee) => fee.feeId === feeId) as never)).toBe(0);
        }),
        seeded('whole accounts'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('a placement', () => {
  const contact = { email: 'ada@example.org', street: '=1 High Street' };
  const patrons: BursarPatron[] = [
    { patronId: 'u1', name: 'Ada', contact },
    { patronId: 'u2' },
    { patronId: 'u3' },
  ];

  it('has contact data of the directory in columns of the file', async () => {
    const store = await storeOf({ u1: six, u2: [old('f1', '30.00')], u3: [old('f1', '5.00')] }, policy);
    const file = join(temporaryFolder(), 'placement.csv');
    const options = {
      file,
      format: 'csv',
      patrons,
      contactColumns: ['email', 'street', 'toString'],
    } as const;
    const report = await runBursarExport(store, policy, form, options);
    expect(report).toMatchObject({ patrons: 2, fees: { count: 7, amount: '84.00' } });
    const rows = rowsOf(file);
    expect(rows[0]).toMatchObject({
      name: 'Ada',
      email: 'ada@example.org',
      street: "'=1 High Street",
      toString: '',
    });
    expect(rows[6]).toMatchObject({ patronId: 'u2', email: '', street: '' });
    expect(readFileSync(file, 'utf8').split('\r\n')[0]).toMatch(/,vat,email,street,toString$/);
    // Again, as after a crash: the same file, and nothing more is transferred.
    expect(await runBursarExport(store, policy, form, options)).toEqual({ ...report, accountsDoneNow: 0 });
  });

  it('refuses a contact column that the file has already', async () => {
    const store = await storeOf({});
    const options = {
      file: join(temporaryFolder(), 'x'),
      format: 'csv',
      contactColumns: ['reference'],
    } as const;
    await expect(runBursarExport(store, policy, form, options)).rejects.toThrow('options.contactColumns[0]');
  });

  it('counts merged accounts together, even if it is stopped between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (a, b, isStopped) => {
          const store = await storeOf(
            { u1: [old('f1', `${a}.00`)], u2: [old('f1', `${b}.00`), pay('p', '0.50')] },
            policy,
          );
          const [from, into] = [
            { institution, patronId: 'u1' },
            { institution, patronId: 'u2' },
          ];
          const merged = await mergeAccounts(store, policy, { from, into, id: 'm', at: form.at });
          expect(merged).toBeDefined();
          const file = join(temporaryFolder(), 'placement.csv');
          const run = (each: typeof store) =>
            runBursarExport(each, policy, form, { file, format: 'csv', concurrency: 1 });
          if (isStopped) {
            let appends = 0;
            const append: typeof store.append = async (...parts) => {
              if (appends === 1) throw new Error('power cut');
              appends += 1;
              return store.append(...parts);
            };
            await run({ ...store, append }).catch(() => undefined);
          }
          const { patrons: count } = await run(store);
          expect(count).toBe(a + b - 0.5 > 25 ? 2 : 0);
          const left = (await accountOf(store, 'u2')).fees.reduce((sum, fee) => sum + owed(fee), 0);
          expect(left === 0).toBe(count === 2);
        },
      ),
      tried(40),
    );
  });
});
