import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { planBursarExport } from 'patron-fees/bursar';
import { describe, expect, it } from 'vitest';
import { checkedExportForm, exportAccount, preparedExport } from '../../src/bursar/bursarExportOfAccount.js';
import { checkedBursarForm } from '../../src/bursar/bursarForm.js';
import {
  type BursarForm,
  type BursarPatron,
  type BursarSubject,
  bursarExportOfAccount,
  runBursarExport,
} from '../../src/bursar/index.js';
import { PatronFeesError } from '../../src/errors.js';
import { memoryEventStore } from '../../src/history/index.js';
import {
  type Command,
  decide,
  definePolicy,
  fold,
  isAccruing,
  owed,
  type PatronAccount,
  type Permissions,
} from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import { accountAfter, ask, assess, at, deepFrozen, pay, policyWith } from '../support/account.js';
import { paid } from '../support/events.js';
import { LAW_TIMEOUT_MS, seeded, tried } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';
import { withoutPauses } from '../support/withoutPauses.js';
import { accountOf, expecting, institution, rowsOf, storeOf, temporaryFolder } from './bursarLibrary.js';

describe('bursarExportOfAccount', () => {
  const form: BursarForm = { jobId: 'job', at, institution, fees: {}, credits: {} };
  const u17: BursarSubject = { institution, patronId: 'u17' };
  const credit = ask('IssueCredit', 'c1', { amount: '8.00', cause: 'imported' });

  /** The planned rows and the findings. */
  function planned(
    commands: readonly Command[],
    given: Partial<BursarForm> = {},
    subject: BursarSubject = u17,
    before: PatronAccount = accountAfter(commands, expecting),
  ) {
    const { events, transfers, findings } = bursarExportOfAccount(
      before,
      subject,
      { ...form, ...given },
      expecting,
    );
    return {
      events: events.length,
      sent: transfers.map(({ id, amount }) => `${id} ${amount}`),
      found: findings.map((finding) => finding.code),
      findings,
    };
  }

  it('needs accounts and patrons only', () => {
    const account = accountAfter([assess('f1', '5')], expecting);
    for (const none of [undefined, null, 'x', {}]) {
      expect(() => bursarExportOfAccount(none as never, u17, form, expecting)).toThrow('INVALID_ACCOUNT');
      expect(() => bursarExportOfAccount(account, none as never, form, expecting)).toThrow(
        'INVALID_ARGUMENT: subject',
      );
    }
  });

  describe('the rows of an export', () => {
    const two = [assess('f1', '12.00'), assess('f2', '3.00', { feeType: 'OTHER' }), credit];

    it('are fees and credits, each by its own minimum, type and owner', () => {
      expect(planned(two).sent).toEqual(['f1 12.00', 'f2 3.00', 'c1 8.00']);
      expect(planned(two, { fees: { minimumAmount: '3.01' } }).sent).toEqual(['f1 12.00', 'c1 8.00']);
      expect(planned(two, { fees: { feeTypes: ['OTHER'] }, credits: { minimumAmount: '9' } }).sent).toEqual([
        'f2 3.00',
      ]);
      expect(planned(two, { fees: { minimumAgeDays: 1 }, credits: { owners: ['LAW'] } }).sent).toEqual([]);
    });

    it('are never disputed', () => {
      expect(planned([...two, ask('DisputeFee', 'd1', { feeId: 'f1' })]).sent).toEqual([
        'f2 3.00',
        'c1 8.00',
      ]);
    });

    it('are empty if nothing is open, without a finding', () => {
      expect(planned([])).toMatchObject({ events: 0, sent: [], found: [] });
      expect(planned([assess('f1', '12.00'), pay('p1', '12.00')])).toMatchObject({ events: 0, found: [] });
    });

    it('are fees of patrons in the chosen groups', () => {
      const of = (patron: BursarSubject['patron']) =>
        planned(two, { groups: ['A', 'B'] }, { ...u17, patron });
      expect(of({ patronId: 'u17', group: 'B' }).sent).toHaveLength(3);
      for (const patron of [{ patronId: 'u17', group: 'C' }, { patronId: 'u17' }, undefined]) {
        expect(of(patron)).toMatchObject({ events: 0, sent: [], found: [] });
      }
    });

    it('leave account, form and policy unchanged', () => {
      const account = deepFrozen(accountAfter(two, expecting));
      expect(
        bursarExportOfAccount(account, deepFrozen(u17), deepFrozen(form), expecting).transfers,
      ).toHaveLength(3);
    });
  });

  describe('a type without a code of the external system', () => {
    const three = [assess('f1', '12.00'), assess('f2', '3.00', { feeType: 'OTHER' }), credit];

    it('is not transferred, and becomes a finding with its amount', () => {
      const { sent, findings } = planned(three, { codes: { feeTypes: { OVERDUEFINE: 'D1' } } });
      expect(sent).toEqual(['f1 12.00']);
      const none = { institution, patronId: 'u17', code: 'TYPE_NOT_MAPPED', transferred: false };
      expect(findings).toEqual([
        {
          ...none,
          feeId: 'f2',
          creditId: null,
          feeType: 'OTHER',
          amount: '3.00',
          message: 'OTHER has no code of the external system: 3.00 stays here',
        },
        {
          ...none,
          feeId: null,
          creditId: 'c1',
          feeType: 'CREDIT',
          amount: '8.00',
          message: 'CREDIT has no code of the external system: 8.00 stays here',
        },
      ]);
    });

    it('is not a finding if it would not be transferred anyway', () => {
      const codes = { feeTypes: { OVERDUEFINE: 'D1' } };
      expect(
        planned(three, { codes, fees: { minimumAmount: '5' }, credits: { minimumAmount: '9' } }).found,
      ).toEqual([]);
      expect(
        planned(three, { codes, fees: { feeTypes: ['OVERDUEFINE'] }, credits: { owners: ['LAW'] } }).found,
      ).toEqual([]);
    });

    it('is the same finding when the job is repeated, with any ids in the account', () => {
      const strange = [...three, assess('?', '1.00'), assess('??#1', '1.00')];
      const codes = { feeTypes: { OVERDUEFINE: 'D1' }, credit: 'C1' };
      const account = accountAfter(strange, expecting);
      const { events } = bursarExportOfAccount(
        account,
        u17,
        { ...form, codes, fees: { feeTypes: ['OVERDUEFINE', 'OTHER'] } },
        expecting,
      );
      const again = planned(
        [],
        { codes, fees: { feeTypes: ['OVERDUEFINE', 'OTHER'] } },
        u17,
        fold(events, account),
      );
      expect(again).toMatchObject({
        events: 0,
        sent: ['f1 12.00', '? 1.00', '??#1 1.00', 'c1 8.00'],
        found: ['TYPE_NOT_MAPPED'],
      });
    });

    it('is also a finding if an earlier run transferred it: the file has it', () => {
      const account = accountAfter(
        [...three, ask('TransferFees', 'job', { eligible: { fees: {} } })],
        expecting,
      );
      const { sent, findings } = planned(
        [],
        { codes: { feeTypes: { OTHER: 'D2' } }, credits: { minimumAmount: '9' } },
        u17,
        account,
      );
      expect(sent).toEqual(['f1 12.00', 'f2 3.00']);
      expect(findings).toMatchObject([
        { code: 'REFUSED', rejection: { type: 'IdAlreadyUsed', id: 'job' } },
        { code: 'TYPE_NOT_MAPPED', feeId: 'f1', amount: '12.00', transferred: true },
      ]);
    });
  });

  describe('a patron who is not in the directory', () => {
    const unknown = { ...u17, patron: null };

    it('becomes a finding if anything would be transferred, and nothing is', () => {
      expect(planned([assess('f1', '12.00')], {}, unknown)).toMatchObject({
        events: 0,
        sent: [],
        findings: [{ code: 'PATRON_NOT_IN_DIRECTORY', transferred: false }],
      });
      expect(planned([], {}, unknown).found).toEqual([]);
      expect(planned([assess('f1', '12.00')], { fees: { minimumAmount: '13' } }, unknown).found).toEqual([]);
    });

    it('stays in the file with the transfers of an earlier run', () => {
      const account = accountAfter(
        [assess('f1', '12.00'), ask('TransferFees', 'job', { eligible: { fees: {} } })],
        expecting,
      );
      expect(planned([], {}, unknown, account)).toMatchObject({
        sent: ['f1 12.00'],
        findings: [{ code: 'PATRON_NOT_IN_DIRECTORY', transferred: true }],
      });
    });
  });

  describe('an account in another currency', () => {
    it('is a finding, and its earlier rows stay in the file', () => {
      const yen = definePolicy({ currency: 'JPY' });
      const account = accountAfter([assess('f1', '1200')], yen);
      expect(planned([], {}, u17, account)).toMatchObject({ events: 0, sent: [], found: ['OTHER_CURRENCY'] });
      const sent = accountAfter([ask('TransferFees', 'job', { eligible: { fees: {} } })], yen, account);
      expect(planned([], {}, u17, sent)).toMatchObject({ sent: ['f1 1200'], found: ['OTHER_CURRENCY'] });
    });
  });

  describe('a plan', () => {
    it('returns the same rows without events when repeated after its execution, with every eligible amount', () => {
      fc.assert(
        fc.property(moves(), anyPolicy, (story, policy) => {
          const account = runMoves(story, policy).at(-1)?.after ?? fold([]);
          if (account.currency !== null && account.currency !== policy.currency) return;
          const first = bursarExportOfAccount(account, u17, form, policy);
          const after = fold(first.events, account);
          expect(bursarExportOfAccount(after, u17, form, policy)).toEqual({ ...first, events: [] });
          const command = {
            type: 'TransferFees',
            id: 'another',
            at,
            eligible: { fees: {}, credits: {} },
          } as const;
          const later = decide(command, after, policy);
          // The transfer of a returned fee may issue the credit that keeps the return's promise; it goes with the next run.
          const issued = first.events.flatMap((event) =>
            event.type === 'LostItemCreditIssued' ? [event.data.creditId] : [],
          );
          if (issued.length === 0) expect(later).toMatchObject({ rejection: { type: 'NothingToTransfer' } });
          for (const event of later.events) {
            expect(event).toMatchObject({
              type: 'CreditTransferred',
              data: { creditId: expect.toBeOneOf(issued) },
            });
          }
        }),
        tried(300),
      );
    });

    it('is refused for an invalid form', () => {
      expect(() => planned([], { jobId: '' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    });
  });
});

describe('wholeAccounts', () => {
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
      await expect(runBursarExport(store, policy, form, options)).rejects.toThrow(
        'options.contactColumns[0]',
      );
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
});

const prepared = preparedExport(
  checkedBursarForm({ jobId: 'job', at, institution, fees: {} }, expecting),
  expecting,
);
const subject = { institution, patronId: 'u1' };

it('exports one account, once', async () => {
  const store = await storeOf({ u1: [assess('f1', '30.00')] });
  const first = await exportAccount(store, subject, prepared, expecting);
  expect(first).toMatchObject({ patronId: 'u1', doneNow: true, wasRead: true, findings: [] });
  const again = await exportAccount(store, subject, prepared, expecting);
  expect(again).toMatchObject({ doneNow: false, wasRead: true, transfers: first.transfers });
});

it('reports an account that cannot be read, and an account to which others keep appending, as findings', async () => {
  withoutPauses();
  const corrupt = memoryEventStore({ now: () => at });
  await corrupt.append(subject, [paid('p1', 'f1', '4.00')], { expectedVersion: 0 });
  expect(await exportAccount(corrupt, subject, prepared, expecting)).toMatchObject({
    wasRead: false,
    transfers: [],
    findings: [{ code: 'CORRUPT_HISTORY', patronId: 'u1' }],
  });
  const store = await storeOf({ u1: [assess('f1', '30.00')] });
  const busy = {
    ...store,
    append: async () => {
      throw new PatronFeesError('VERSION_CONFLICT', 'somebody was first');
    },
  };
  expect(await exportAccount(busy, subject, prepared, expecting)).toMatchObject({
    wasRead: false,
    findings: [{ code: 'ACCOUNT_BUSY' }],
  });
});

describe('exportedAccounts', () => {
  const form = { jobId: 'job', at, institution, fees: {} };

  it('the form of an export has the job as its actor, unless it names one', () => {
    expect(checkedExportForm(form, expecting, undefined)).toMatchObject({
      by: { channel: 'job' },
    });
    const by = { channel: 'desk', userId: 'mo' } as const;
    expect(checkedExportForm({ ...form, by }, expecting, undefined).by).toEqual(by);
  });

  it('the figures of an export that was cancelled are those of the accounts so far', async () => {
    const store = await storeOf({
      a: [assess('f1', '1.00')],
      b: [assess('f1', '2.00')],
      c: [assess('f1', '4.00')],
    });
    const stop = new AbortController();
    const plan = planBursarExport(store, expecting, form, { signal: stop.signal, concurrency: 1 });
    await plan.next();
    stop.abort(new Error('enough'));
    const error = await plan.next().catch((thrown) => thrown);
    const cancelled = error.code === 'JOB_CANCELLED' ? error : await plan.next().catch((thrown) => thrown);
    expect(cancelled.details.report.fees.count).toBeLessThan(3);
    expect(cancelled.details.report.patrons).toBe(cancelled.details.report.fees.count);
  });
});
