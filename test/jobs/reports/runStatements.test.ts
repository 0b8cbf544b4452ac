import { describe, expect, it } from 'vitest';
import { type EventStore, memoryEventStore } from '../../../src/history/index.js';
import { definePolicy, PatronFeesError } from '../../../src/index.js';
import {
  accountStatement,
  runStatements,
  type StatementsForm,
  type StatementsOptions,
} from '../../../src/jobs/reports/index.js';
import { ask } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
const charged = accountWith([ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN' })]);
const paid = accountWith([
  ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN' }),
  ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' }),
]);

/** A store with a number of accounts, every other one with a payment, at the first of March and of April. */
async function filled(count: number): Promise<EventStore> {
  const store = memoryEventStore({ now: () => '2026-03-01T12:00:00Z' });
  for (let index = 0; index < count; index++) {
    const events = (index % 2 === 0 ? paid : charged).map(({ event }) => event);
    const stream = { institution: 'north', patronId: `p${index}` };
    await store.append(stream, events, { expectedVersion: 0 });
  }
  return store;
}

async function collected(
  store: EventStore,
  form: Omit<StatementsForm, 'institution'>,
  options?: StatementsOptions,
) {
  const results = [];
  for await (const result of runStatements(store, policy, { ...form, institution: 'north' }, options))
    results.push(result);
  return results;
}

describe('the statements of a store', () => {
  it('are returned for its accounts, one after the other', async () => {
    const store = await filled(5);
    await store.append(
      { institution: 'south', patronId: 'x' },
      charged.map(({ event }) => event),
      { expectedVersion: 0 },
    );
    const results = await collected(store, {});
    expect(results.map(({ patronId }) => patronId)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    const { events } = await store.read({ institution: 'north', patronId: 'p1' });
    const statement = accountStatement(events, policy, { patron: { name: 'p1' } });
    expect(results[1]).toEqual({ institution: 'north', patronId: 'p1', statement });
  });

  it('are for the patrons of the period, even if the job runs again later', async () => {
    const store = await filled(2);
    const march = { before: '2026-04-01T00:00:00Z' };
    const first = await collected(store, march);
    expect(first).toHaveLength(2);
    const events = charged.map(({ event }) => event);
    const later = { expectedVersion: 0, recordedAt: '2026-04-02T10:00:00Z' } as const;
    await store.append({ institution: 'north', patronId: 'late' }, events, later);
    expect(await collected(store, march)).toEqual(first);
  });

  it('continue from period to period, and have the names of the patrons', async () => {
    const store = await filled(2);
    const refund = accountWith([
      ask('IssueCredit', 'g1', { amount: '1', cause: 'manual', purpose: 'goodwill', reason: 'GOODWILL' }),
    ]);
    await store.append(
      { institution: 'north', patronId: 'p1' },
      refund.map(({ event }) => event),
      { expectedVersion: 'any', recordedAt: '2026-04-02T00:00:00Z' },
    );
    const april = '2026-04-01T00:00:00Z';
    const patronOf = async ({ patronId }: { patronId: string }) => ({ name: `Patron ${patronId}` });
    const march = await collected(store, { before: april }, { patronOf });
    const later = await collected(store, { from: april }, { patronOf });
    expect(march.map((result) => 'statement' in result && result.statement.patron.name)).toEqual([
      'Patron p0',
      'Patron p1',
    ]);
    march.forEach((result, index) => {
      const next = later[index];
      if (!('statement' in result) || next === undefined || !('statement' in next))
        throw new Error('a finding');
      expect(next.statement.opening).toEqual(result.statement.closing);
    });
  });

  it('skip inactive accounts if the options say so', async () => {
    const store = await filled(4);
    const form = { from: '2026-04-01T00:00:00Z', skipQuiet: true };
    expect((await collected(store, form)).map(({ patronId }) => patronId)).toEqual(['p1', 'p3']);
    expect(await collected(store, { ...form, from: '2026-02-01T00:00:00Z' })).toHaveLength(4);
  });

  it('are findings if an account is corrupt or in another currency', async () => {
    const store = await filled(1);
    const events = charged.map(({ event }) => event);
    await store.append({ institution: 'north', patronId: 'twice' }, [...events, ...events], {
      expectedVersion: 0,
    });
    const euros = accountWith(
      [ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN' })],
      definePolicy({ currency: 'EUR' }),
    );
    await store.append(
      { institution: 'north', patronId: 'euros' },
      euros.map(({ event }) => event),
      { expectedVersion: 0 },
    );
    const found: unknown[] = [];
    const onFinding = (finding: unknown) => void found.push(finding);
    const results = await collected(store, { skipQuiet: true }, { onFinding });
    expect(results).toMatchObject([{ patronId: 'p0', statement: {} }]);
    expect(found).toMatchObject([
      { patronId: 'twice', code: 'CORRUPT_HISTORY' },
      { patronId: 'euros', code: 'OTHER_CURRENCY' },
    ]);
  });

  it('stop on a signal, and if the store or the directory fails', async () => {
    const store = await filled(20);
    const abort = new AbortController();
    let made = 0;
    const stopped = async () => {
      const options = { signal: abort.signal, concurrency: 1 };
      for await (const _ of runStatements(store, policy, { institution: 'north' }, options)) {
        made += 1;
        if (made === 3) abort.abort(new Error('enough'));
      }
    };
    await expect(stopped()).rejects.toThrow('enough');
    expect(made).toBeLessThan(20);
    const patronOf = () => {
      throw new Error('no directory');
    };
    await expect(collected(store, {}, { patronOf })).rejects.toThrow('no directory');
    const closed = { ...store, read: () => Promise.reject(new PatronFeesError('STORE_CLOSED', 'closed')) };
    await expect(collected(closed, {})).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it.each([
    [{ from: '2026-03-01' }, 'form.from'],
    [{ before: 5 }, 'form.before'],
    [{ from: '2026-04-01T00:00:00Z', before: '2026-03-31T23:00:00-02:00' }, ''],
    [{ from: '2026-04-01T00:00:00Z', before: '2026-03-01T00:00:00Z' }, 'form'],
    [{ skipQuiet: 'yes' }, 'form.skipQuiet'],
    [{ patronOf: () => ({ name: 'Ada' }) }, 'form.patronOf'],
    [{ period: 'March' }, 'form.period'],
  ])('are refused at once for an invalid form: %j', async (form, path) => {
    const store = await filled(0);
    const run = () => runStatements(store, policy, { institution: 'north', ...form } as never);
    if (path === '') expect(run).not.toThrow();
    else
      expect(run).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(new RegExp(`${path}: (expected|missing)`)),
        }),
      );
  });

  it.each([
    [undefined, 'form: missing (expected an object)'],
    [[], 'form: expected an object'],
    ['march', 'form: expected an object'],
  ])('are refused at once for the form %j', async (form, message) => {
    const store = await filled(0);
    expect(() => runStatements(store, policy, form as never)).toThrow(message);
  });

  it.each([null, { patronOf: 'Ada' }, { concurency: 4 }])(
    'are refused at once for options %j',
    async (options) => {
      const store = await filled(0);
      const run = () => runStatements(store, policy, { institution: 'north' }, options as never);
      expect(run).toThrow('options');
    },
  );

  it('are refused at once without an institution or a policy', async () => {
    const store = await filled(0);
    expect(() => runStatements(store, policy, { institution: '' })).toThrow('form.institution: expected');
    expect(() => runStatements(store, { currency: '?' } as never, { institution: 'north' })).toThrow(
      'INVALID_POLICY',
    );
  });
});
