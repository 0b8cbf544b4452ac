import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../../src/history/index.js';
import { loadAccount } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import {
  type AccrualFinding,
  type AccruingLoan,
  overdueFeeId,
  planAccrual,
  runAccrual,
} from '../../../src/jobs/index.js';
import { defineFineRule } from '../../../src/overdue/index.js';
import { violations } from '../../../src/testing/index.js';
import { withoutPauses } from '../../support/withoutPauses.js';
import {
  ask,
  balancesOf,
  calendar,
  emptyStore,
  fineOf,
  institution,
  lateLoan,
  night,
  policy,
  runNight,
} from './nights.js';

const zero = { count: 0, amount: '0.00' };

async function appends(store: EventStore): Promise<number> {
  let events = 0;
  for (const { patronId } of (await store.accounts({})).accounts) {
    events += (await store.read({ institution, patronId })).version;
  }
  return events;
}

describe('a nightly run', () => {
  it('charges, increases and skips, and reports by fee type and library', async () => {
    const store = emptyStore();
    const loans = [
      lateLoan(),
      lateLoan({ loanId: 'l2', owner: 'LAW' }),
      lateLoan({ patronId: 'p2', loanId: 'l3', feeType: 'OTHER' }),
      lateLoan({ patronId: 'p3', loanId: 'l4', dueAt: '2026-03-20T20:00:00-04:00' }),
    ];
    const first = await runNight(store, night(3), ...loans);
    expect(first.report).toEqual({
      job: expect.objectContaining({ jobId: 'night 3', by: { channel: 'job' }, institution: 'north' }),
      recordedBefore: null,
      currency: 'USD',
      loans: 4,
      earlier: 0,
      notAsComputed: 0,
      total: {
        charged: { count: 3, amount: '1.50' },
        increased: zero,
        decreased: zero,
        unchanged: 1,
        ended: 0,
      },
      rows: [
        ['OTHER', 'MAIN', 1, 0],
        ['OVERDUEFINE', 'LAW', 1, 0],
        ['OVERDUEFINE', 'MAIN', 1, 1],
      ].map(([feeType, owner, count, unchanged]) => ({
        feeType,
        owner,
        charged: { count, amount: '0.50' },
        increased: zero,
        decreased: zero,
        unchanged,
        ended: 0,
      })),
      findings: { count: 0, byCode: {}, first: [] },
    });
    expect(first.results.map(({ row, loanId, outcome, amount }) => [row, loanId, outcome, amount])).toEqual([
      [1, 'l1', 'charged', '0.50'],
      [2, 'l2', 'charged', '0.50'],
      [3, 'l3', 'charged', '0.50'],
      [4, 'l4', 'unchanged', '0.00'],
    ]);

    const second = await runNight(store, night(4), ...loans);
    expect(second.report.total).toEqual({
      charged: zero,
      increased: { count: 3, amount: '0.75' },
      decreased: zero,
      unchanged: 1,
      ended: 0,
    });
    expect(await fineOf(store)).toEqual({ owed: '0.75', accrued: '0.75', endCause: null });
    const { account } = await loadAccount(store, { institution, patronId: 'p1' });
    expect(violations(account)).toEqual([]);
    expect(account.fees.map(({ feeId }) => feeId)).toEqual(['fine/0/l1', 'fine/0/l2']);
  });

  it('repeated changes nothing and reports the earlier results', async () => {
    const store = emptyStore();
    const loans = [lateLoan(), lateLoan({ patronId: 'p2', loanId: 'l2', ends: 'returned' })];
    await runNight(store, night(2), loans[0] as AccruingLoan);
    const first = await runNight(store, night(3), ...loans);
    const before = await appends(store);
    const again = await runNight(store, night(3), ...loans);
    expect(await appends(store)).toBe(before);
    expect(again.report).toEqual({ ...first.report, earlier: 2 });
    expect(again.results).toEqual(first.results.map((result) => ({ ...result, earlier: true })));
  });

  it("changes nothing if it is an earlier night's and runs late", async () => {
    const store = emptyStore();
    await runNight(store, night(5), lateLoan());
    const late = await runNight(store, night(4), lateLoan());
    expect(late.report.total.unchanged).toBe(1);
    expect(late.report.notAsComputed).toBe(1);
    expect(await fineOf(store)).toMatchObject({ accrued: '1.00' });
  });

  it('records its job on its events', async () => {
    const store = emptyStore();
    const by = { channel: 'job', userId: 'cron' } as const;
    await runNight(store, night(3, { by }), lateLoan({ item: { barcode: '31' } }));
    const { events } = await store.read({ institution, patronId: 'p1' });
    expect(events[0]?.event).toMatchObject({
      data: { by, item: { barcode: '31' }, loanId: 'l1', at: night(3).at },
      metadata: { commandId: 'night 3/fine/0/l1', correlationId: 'night 3' },
    });
  });

  it('accepts more loans of a patron than fit one append', async () => {
    const store = emptyStore();
    const loans = Array.from({ length: 250 }, (_, n) => lateLoan({ loanId: `l${n}` }));
    const { report, results } = await runNight(store, night(3), ...loans);
    expect(report.total.charged).toEqual({ count: 250, amount: '125.00' });
    expect(results.map(({ row }) => row)).toEqual(loans.map((_, n) => n + 1));
    expect((await balancesOf(store)).owed).toBe(12_500);
  });

  it('accepts the loans of a patron in any order', async () => {
    const store = emptyStore();
    const loans = Array.from({ length: 40 }, (_, n) => lateLoan({ patronId: `p${n % 2}`, loanId: `l${n}` }));
    const { report } = await runNight(store, night(3), ...loans);
    expect(report.total.charged).toEqual({ count: 40, amount: '20.00' });
  });

  it('accepts rules and calendars on the loan itself, and unknown fields', async () => {
    const hourly = defineFineRule({ currency: 'USD', amount: '1', period: { length: 1, unit: 'hour' } });
    const loan = { ...lateLoan({ rule: hourly, calendar: calendar() }), title: 'Emma' };
    const { report } = await runNight(emptyStore(), night(1), loan);
    expect(report.total.charged.amount).toBe('3.00');
  });

  it('is limited by the policy, and reports it', async () => {
    const limited = definePolicy({ currency: 'USD', accrualLimits: { OVERDUEFINE: '0.60' } });
    const store = emptyStore();
    const loans = [lateLoan(), lateLoan({ loanId: 'l2' })];
    const report = await runAccrual(store, limited, night(3), { loans });
    expect(report).toMatchObject({ notAsComputed: 1, total: { charged: { count: 2, amount: '0.60' } } });
  });
});

describe('a plan', () => {
  it('reports the results of the run, and stores nothing', async () => {
    const store = emptyStore();
    const loans = [lateLoan(), lateLoan({ loanId: 'l2' }), { ...lateLoan(), rule: 'unknown' }];
    await runNight(store, night(2), lateLoan());
    const before = await appends(store);
    const plan = await planAccrual(store, policy, night(3), { loans });
    expect(await appends(store)).toBe(before);
    expect(await runAccrual(store, policy, night(3), { loans })).toEqual(plan);
    expect(plan.total).toMatchObject({ charged: { count: 1 }, increased: { count: 1 } });
  });
});

describe('problems reported as findings', () => {
  async function findingsOf(store: EventStore, loans: readonly unknown[], form = night(5)) {
    const findings: AccrualFinding[] = [];
    const report = await runAccrual(store, policy, form, {
      loans: loans as AccruingLoan[],
      onFinding: (finding) => void findings.push(finding),
    });
    expect(report.findings.first).toEqual(findings);
    return { report, findings };
  }

  it('a fine ended by a dispute, for which the rule computes another total', async () => {
    const store = emptyStore();
    await runNight(store, night(3), lateLoan());
    const feeId = overdueFeeId(lateLoan());
    const [at, by] = ['2026-03-04T10:00:00-05:00', { channel: 'desk', userId: 'mo' } as const];
    await ask(store, { type: 'DisputeFee', id: 'd', feeId, at, by });
    await ask(store, {
      type: 'ResolveDispute',
      id: 'r',
      feeId,
      outcome: 'patronUpheld',
      remedy: 'cancel',
      at,
      by,
    });
    const { findings, report } = await findingsOf(store, [lateLoan(), lateLoan({ loanId: 'l2' })]);
    expect(findings).toEqual([
      {
        code: 'REFUSED',
        institution,
        patronId: 'p1',
        loanId: 'l1',
        feeId,
        row: 1,
        rejection: { type: 'AccrualHasEnded', kind: 'conflict', feeId, total: '0.50', requested: '1.00' },
        message: expect.stringContaining('loan l1: '),
      },
    ]);
    expect(report.total.charged.count).toBe(1);
  });

  it('a fee type that is not in the policy', async () => {
    const { findings } = await findingsOf(emptyStore(), [lateLoan({ feeType: 'FILM' })]);
    expect(findings).toMatchObject([{ code: 'REFUSED', rejection: { type: 'FeeTypeUnknown' } }]);
  });

  it('a loan with other data than in an earlier run of the same job', async () => {
    const store = emptyStore();
    await runNight(store, night(5), lateLoan());
    const returned = lateLoan({ until: '2026-03-04T10:00:00-05:00', ends: 'returned' });
    const { findings } = await findingsOf(store, [returned]);
    expect(findings).toMatchObject([{ code: 'REFUSED', rejection: { type: 'IdAlreadyUsed' } }]);
    const next = await runNight(store, night(6), returned);
    expect(next.report.total).toMatchObject({ decreased: { count: 1, amount: '0.25' }, ended: 1 });
  });

  it('an account that cannot be read', async () => {
    const store = emptyStore();
    const broken: EventStore = {
      ...store,
      read: async (stream, options) => {
        const slice = await store.read(stream, options);
        if (stream.patronId !== 'p1') return slice;
        const event = { type: 'FeeIncreased', data: { feeId: 'none' } } as never;
        return { ...slice, version: 1, events: [{ version: 1, event } as never] };
      },
    };
    const { findings, report } = await findingsOf(broken, [lateLoan(), lateLoan({ patronId: 'p2' })]);
    expect(findings).toMatchObject([{ code: 'CORRUPT_HISTORY', patronId: 'p1' }]);
    expect(report.total.charged.count).toBe(1);
  });

  it('an account with constant concurrent appends', async () => {
    withoutPauses();
    const store = emptyStore();
    let fees = 0;
    const contested: EventStore = {
      ...store,
      append: async (stream, events, options) => {
        fees += 1;
        const fee = { id: `f${fees}`, feeType: 'OTHER', amount: '1', owner: 'MAIN' } as const;
        await ask(store, { type: 'AssessFee', ...fee, at: night(1).at });
        return store.append(stream, events, options);
      },
    };
    const { findings } = await findingsOf(contested, [lateLoan()]);
    expect(findings).toEqual([
      {
        code: 'ACCOUNT_BUSY',
        institution,
        patronId: 'p1',
        message: 'other writers were first at each of 50 attempts: run the job again',
      },
    ]);
  });
});
