import { describe, expect, it } from 'vitest';
import type { AccountFinding } from '../../../src/jobs/index.js';
import {
  accountStatement,
  type PlansBehindForm,
  runPlansBehind,
  statementHtml,
  statementText,
} from '../../../src/jobs/reports/index.js';
import { ask, assess, pay, policy } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { errorOf } from '../../support/events.js';
import { tickingStore } from '../../support/stores.js';

const planned = [
  assess('f1', '20.00'),
  ask('AgreePaymentPlan', 'n1', {
    feeIds: ['f1'],
    instalments: [
      { dueOn: '2026-04-01', amount: '10.00' },
      { dueOn: '2026-05-01', amount: '10.00' },
    ],
  }),
];

async function filled() {
  const store = tickingStore();
  const histories = [
    planned,
    [...planned, pay('p1', '10.00')],
    [...planned, pay('p1', '20.00')],
    [...planned, ask('EndPaymentPlan', 'e1', { planId: 'n1', cause: 'defaulted' })],
    [assess('f1', '5.00')],
  ];
  for (const [index, commands] of histories.entries()) {
    const events = accountWith(commands).map(({ event }) => event);
    await store.append({ institution: 'north', patronId: `p${index}` }, events, { expectedVersion: 0 });
  }
  const [fee] = accountWith(planned).map(({ event }) => event);
  await store.append({ institution: 'north', patronId: 'broken' }, [fee, fee] as never, {
    expectedVersion: 0,
  });
  return store;
}

async function behind(on: string, options = {}) {
  const list: string[] = [];
  const onFinding = ({ patronId, code }: AccountFinding) => void list.push(`${patronId} ${code}`);
  const form = { institution: 'north', on };
  for await (const { patronId, plan } of runPlansBehind(await filled(), policy, form, {
    onFinding,
    ...options,
  })) {
    list.push(`${patronId} ${plan.behind}`);
  }
  return list;
}

describe('runPlansBehind', () => {
  it('lists the plans with which patrons are behind, and accounts that cannot be read', async () => {
    expect(await behind('2026-03-31')).toEqual(['broken CORRUPT_HISTORY']);
    expect(await behind('2026-04-01')).toEqual(['p0 10.00', 'broken CORRUPT_HISTORY']);
    expect(await behind('2026-05-01')).toEqual(['p0 20.00', 'p1 10.00', 'broken CORRUPT_HISTORY']);
  });

  it('can be made again as of an earlier recording time', async () => {
    const store = await filled();
    const form = { institution: 'north', on: '2026-04-02' };
    const listed = async (form: PlansBehindForm) => {
      const patrons: string[] = [];
      for await (const { patronId } of runPlansBehind(store, policy, form)) patrons.push(patronId);
      return patrons;
    };
    const then = await listed(form);
    const late = accountWith([...planned, pay('p1', '20.00')]).map(({ event }) => event);
    const later = { expectedVersion: 'any', recordedAt: '2026-04-05T10:00:00Z' } as const;
    await store.append({ institution: 'north', patronId: 'p0' }, late.slice(2), later);
    await store.append({ institution: 'north', patronId: 'new' }, late.slice(0, 2), later);
    expect(await listed({ ...form, recordedBefore: '2026-03-20T00:00:00Z' })).toEqual(then);
    expect(await listed(form)).not.toEqual(then);
  });

  it('reports progress, and stops at a signal', async () => {
    const done: number[] = [];
    await behind('2026-05-01', { onProgress: (progress: { done: number }) => done.push(progress.done) });
    expect(done.at(-1)).toBe(6);
    await expect(behind('2026-05-01', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });

  it('throws for invalid forms and options', () => {
    const run = (form: object, options = {}) =>
      errorOf(() => runPlansBehind(tickingStore(), policy, form as PlansBehindForm, options));
    expect(run({ institution: 'north', on: 'today' }).details.faults).toMatchObject([{ path: 'form.on' }]);
    expect(run({ on: '2026-04-01' }).code).toBe('INVALID_ARGUMENT');
    expect(run({ institution: 'north', on: '2026-04-01' }, { concurency: 1 }).code).toBe('INVALID_ARGUMENT');
  });
});

describe('the statement of an account', () => {
  it('shows the plans in force at its end', () => {
    const events = accountWith([...planned, pay('p1', '4.00')]);
    const statement = accountStatement(events, policy, { patron: { name: 'Ada' } });
    expect(statement.paymentPlans).toMatchObject([{ planId: 'n1', owed: '16.00', paid: '4.00' }]);
    const place = { locale: 'en-US', timeZone: 'America/New_York' };
    expect(statementText(statement, place)).toContain(
      'Payment plan\n- Apr 1, 2026; Instalment $10.00; Still to pay $6.00\n- May 1, 2026; Instalment $10.00; Still to pay $10.00\n',
    );
    expect(statementHtml(statement, place)).toMatch(/<h2 [^>]*>Payment plan</);
  });
});
