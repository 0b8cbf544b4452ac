import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventStore, execute, memoryEventStore } from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import {
  type AccountMerge,
  type MergeResult,
  mergeAccounts,
  separateAccounts,
} from '../../src/patron/index.js';
import { ask, assess, at, pay } from '../support/account.js';
import { account, cutAfter, group, idUsed, leadsBack, merge, patron, typesOf } from '../support/merging.js';
import { tried } from '../support/seeded.js';
import { storeWith, tickingStore } from '../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
describe('mergeAccounts', () => {
  it('records the merge in both accounts, with who did it and why, but never with roles', async () => {
    const store = tickingStore();
    const by = { userId: 'mo', channel: 'desk', library: 'MAIN', roles: ['USER_MANAGER'] } as const;
    const reasons = { reason: 'registered twice', comment: 'Two cards', staffNote: 'Same birthday' };
    const done = await mergeAccounts(store, policy, { ...merge('b', 'a', 'm1'), ...reasons, by });
    expect(done).toEqual({ accepted: true, written: 2 });
    const { roles, ...actor } = by;
    const common = { mergeId: 'm1', at, by: actor, ...reasons };
    const metadata = { commandId: 'm1', commandDigest: expect.stringMatching(/^[0-9a-f]{16}\.-$/) };
    const [merged] = (await store.read(patron('b'))).events;
    const [joined] = (await store.read(patron('a'))).events;
    expect(merged?.event).toEqual({ type: 'AccountMerged', data: { ...common, into: 'a' }, metadata });
    expect(joined?.event).toEqual({ type: 'AccountJoined', data: { ...common, from: 'b' }, metadata });
  });

  it('does nothing when sent again', async () => {
    const store = tickingStore();
    await mergeAccounts(store, policy, merge('b', 'a'));
    const again = { ...merge('b', 'a'), at: '2026-03-03T09:00:00Z', comment: 'again' };
    expect(await mergeAccounts(store, policy, again)).toEqual({ accepted: true, written: 0 });
    expect(await typesOf(store, 'a')).toEqual(['AccountJoined']);
    expect(await typesOf(store, 'b')).toEqual(['AccountMerged']);
  });

  it.each([
    ['an account into itself', merge('a', 'a'), { type: 'MergeIntoItself', kind: 'invalid', patronId: 'a' }],
    [
      'an account at another institution',
      { ...merge('b', 'a'), into: { institution: 'south', patronId: 'a' } },
      { type: 'MergeAcrossInstitutions', kind: 'invalid', from: 'north', into: 'south' },
    ],
    [
      'an account that is merged',
      merge('merged', 'a'),
      { type: 'AccountMerged', kind: 'conflict', into: 'kept' },
    ],
    ['an account into one merged into it', merge('top', 'kept'), leadsBack('kept', 'top')],
    ['an account into one that leads back', merge('top', 'merged'), leadsBack('merged', 'kept', 'top')],
    [
      'an account in another currency',
      merge('euro', 'a'),
      { type: 'AccountInOtherCurrency', kind: 'conflict', accountCurrency: 'EUR', policyCurrency: 'USD' },
    ],
    [
      'an account into one in another currency',
      merge('a', 'euro'),
      { type: 'AccountInOtherCurrency', kind: 'conflict', accountCurrency: 'EUR', policyCurrency: 'USD' },
    ],
    ['an id used in the merged account', merge('a', 'b', 'a-fee'), idUsed('a-fee')],
    ['an id used in the other account', merge('b', 'a', 'a-fee'), idUsed('a-fee')],
    ['the id of another merge', merge('merged', 'a', 'merged>kept'), idUsed('merged>kept')],
    ['the id of a merge the other way round', merge('kept', 'a', 'merged>kept'), idUsed('merged>kept')],
  ])('refuses %s, and writes nothing', async (_title, form, rejection) => {
    const store = tickingStore();
    await execute(store, policy, patron('a'), assess('a-fee', '1.00'));
    const euro = definePolicy({ currency: 'EUR' });
    await execute(store, euro, patron('euro'), assess('e-fee', '1.00'));
    await mergeAccounts(store, policy, merge('merged', 'kept'));
    await mergeAccounts(store, policy, merge('kept', 'top'));
    const before = (await store.readAll()).events.length;
    expect(await mergeAccounts(store, policy, form)).toEqual({ accepted: false, rejection });
    expect((await store.readAll()).events).toHaveLength(before);
  });

  it('requires a permission once the policy defines any', async () => {
    const permissions = { MergeAccounts: { MANAGER: {} }, SeparateAccounts: { CHIEF: {} } };
    const rules = definePolicy({ currency: 'USD', permissions });
    const store = tickingStore();
    const by = (channel: 'desk' | 'online', ...roles: string[]) => ({ channel, roles });
    const refused = (commandType: string, needs: string[]) => ({
      accepted: false,
      rejection: { type: 'NotPermitted', kind: 'forbidden', commandType, needs, limit: null, amount: null },
    });
    const form = merge('b', 'a', 'm1');
    for (const actor of [undefined, by('desk'), by('desk', 'CLERK'), by('online', 'MANAGER')]) {
      const given = actor === undefined ? form : { ...form, by: actor };
      expect(await mergeAccounts(store, rules, given)).toEqual(refused('MergeAccounts', ['MANAGER']));
    }
    const done = await mergeAccounts(store, rules, { ...form, by: by('desk', 'MANAGER') });
    expect(done).toEqual({ accepted: true, written: 2 });
    const end = { from: patron('b'), mergeId: 'm1', at };
    const denied = await separateAccounts(store, rules, { ...end, by: by('desk', 'MANAGER') });
    expect(denied).toEqual(refused('SeparateAccounts', ['CHIEF']));
    const separated = await separateAccounts(store, rules, { ...end, by: by('desk', 'CHIEF') });
    expect(separated).toEqual({ accepted: true, written: 2 });
  });

  it.each([
    [{ id: '' }, 'merge.id'],
    [{ at: 'yesterday' }, 'merge.at'],
    [{ from: { institution: 'north' } }, 'merge.from.patronId'],
    [{ into: 'a' }, 'merge.into'],
    [{ force: true }, 'merge.force'],
  ])('throws for %j', async (more, path) => {
    const given = { ...merge('b', 'a'), ...more } as AccountMerge;
    await expect(mergeAccounts(tickingStore(), policy, given)).rejects.toThrow(path);
  });

  it('finishes a merge that was interrupted between its two events', async () => {
    const store = tickingStore();
    await expect(mergeAccounts(cutAfter(store, 1), policy, merge('b', 'a'))).rejects.toThrow('power cut');
    expect(await group(store, 'a')).toEqual(['a']);
    expect(await group(store, 'b')).toEqual(['b']);
    expect(await mergeAccounts(store, policy, merge('b', 'a'))).toEqual({ accepted: true, written: 1 });
    expect(await group(store, 'b')).toEqual(['a', 'b']);
  });

  it('separates again if the other account used the id meanwhile', async () => {
    const store = tickingStore();
    const racing = storeWith(store, {
      append: async (...given) => {
        const done = await store.append(...given);
        if (given[0].patronId === 'b') await execute(store, policy, patron('a'), assess('b>a', '1.00'));
        return done;
      },
    });
    expect(await mergeAccounts(racing, policy, merge('b', 'a'))).toEqual({
      accepted: false,
      rejection: idUsed('b>a'),
    });
    expect(await typesOf(store, 'b')).toEqual(['AccountMerged', 'AccountSeparated']);
    const fee = await execute(store, policy, patron('b'), assess('f1', '1.00'));
    expect(fee.decision.accepted).toBe(true);
  });

  it('separates again if the other account has another merge with the same id', async () => {
    const store = tickingStore();
    const both = ['b', 'c'].map((from) => mergeAccounts(store, policy, merge(from, 'a', 'job')));
    const results = await Promise.all(both);
    expect(results).toContainEqual({ accepted: true, written: 2 });
    expect(results).toContainEqual({ accepted: false, rejection: idUsed('job') });
    const [winner, loser] = results[0]?.accepted ? (['b', 'c'] as const) : (['c', 'b'] as const);
    expect([await group(store, 'a'), await group(store, loser)]).toEqual([['a', winner], [loser]]);
    expect(await typesOf(store, loser)).toEqual(['AccountMerged', 'AccountSeparated']);
  });

  it('never leaves a circle or half a merge, whatever crosses and whatever is interrupted (property)', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const call = fc.record({
      from: fc.constantFrom(...names),
      into: fc.constantFrom(...names),
      separates: fc.boolean(),
      appends: fc.nat(3),
      // Several merges with one id, such as that of a job.
      id: fc.option(fc.constant('job'), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 2, maxLength: 6 }),
        fc.scheduler(),
        async (calls, scheduler) => {
          const store = memoryEventStore({ now: () => at });
          const scheduled = (appends: number) => {
            const cut = cutAfter(store, appends);
            return storeWith(store, {
              read: async (...given) => {
                await scheduler.schedule(Promise.resolve(), 'read');
                return store.read(...given);
              },
              append: async (...given) => {
                await scheduler.schedule(Promise.resolve(), 'append');
                return cut.append(...given);
              },
            });
          };
          const run = (on: EventStore, { from, into, separates, id }: (typeof calls)[number]) => {
            const form = merge(from, into, id);
            return separates
              ? separateAccounts(on, policy, { from: form.from, mergeId: form.id, at })
              : mergeAccounts(on, policy, form);
          };
          const all = calls.map((one) => run(scheduled(one.appends), one).catch(expectPowerCut));
          await scheduler.waitFor(Promise.all(all));
          const results: MergeResult<unknown>[] = [];
          for (const one of calls) results.push(await run(store, one));
          for (const [index, { from, into, separates }] of calls.entries()) {
            const { mergedInto, merges } = await account(store, from);
            if (mergedInto !== null) expect(await group(store, mergedInto)).toContain(from);
            if (!separates && results[index]?.accepted === true) {
              expect(merges.map(({ patronId }) => patronId)).toContain(into);
            }
          }
          for (const name of names) {
            const own = await group(store, name);
            expect(own).toContain(name);
            for (const other of own) expect(await group(store, other)).toEqual(own);
            expect(names).toContain(await top(store, name));
          }
        },
      ),
      tried(1_000),
    );
  });
});

function expectPowerCut(error: Error): void {
  expect(error.message).toBe('power cut');
}

/** Returns where merges lead from an account. Throws if they lead in a circle. */
async function top(store: EventStore, patronId: string): Promise<string> {
  const passed: string[] = [];
  for (let next: string | null = patronId; next !== null; next = (await account(store, next)).mergedInto) {
    if (passed.includes(next)) throw new Error(`circle: ${passed.join(' > ')} > ${next}`);
    passed.push(next);
  }
  return passed.at(-1) as string;
}

describe('a merged account', () => {
  const fine: Command = {
    type: 'AccrueFine',
    id: 'n1',
    feeId: 'o1',
    feeType: 'OVERDUEFINE',
    total: '1.00',
    owner: 'MAIN',
    at,
  };
  const started: Command = { ...fine, id: 'n0', feeId: 'o0' };
  const bounced: Command = {
    type: 'ReversePayment',
    id: 'r1',
    paymentId: 'p1',
    shortfallFee: { feeId: 's1', feeType: 'OTHER', owner: 'MAIN' },
    at,
  };

  async function mergedStore() {
    const store = tickingStore();
    const paid = { ...pay('p1', '3.00'), overpayment: 'credit' } as const;
    const used: Command = { type: 'ApplyCredit', id: 'a1', creditId: 'p1#1', amount: '2.00', at };
    const commands = [started, paid, assess('f1', '2.00'), used, assess('f2', '4.00')];
    for (const command of commands) {
      const { decision } = await execute(store, policy, patron('b'), command);
      expect(decision).toMatchObject({ accepted: true });
    }
    await mergeAccounts(store, policy, merge('b', 'a'));
    return store;
  }

  it.each([
    ['a fee', assess('f9', '1.00')],
    ['a fine that did not exist', fine],
    ['a credit', ask('IssueCredit', 'c9', { amount: '1.00', cause: 'imported' })],
    [
      'a payment plan',
      ask('AgreePaymentPlan', 'n9', {
        feeIds: ['f2'],
        instalments: [{ dueOn: '2026-04-01', amount: '4.00' }],
      }),
    ],
  ])('refuses %s, and names the other account', async (_title, command) => {
    const store = await mergedStore();
    const { decision } = await execute(store, policy, patron('b'), command);
    expect(decision).toEqual({
      accepted: false,
      events: [],
      rejection: { type: 'AccountMerged', kind: 'conflict', into: 'a' },
    });
  });

  it.each([
    ['the repeat of what was done before', assess('f2', '4.00'), []],
    ['the growth of a fine', { ...fine, feeId: 'o0', total: '2.00' } as const, ['FeeIncreased']],
    ['no fine at all', { ...fine, total: '0' } as const, []],
    ['a payment', pay('p2', '1.00'), ['PaymentReceived']],
    ['a bounced payment with a fee for what was used of it', bounced, ['FeeAssessed', 'PaymentReversed']],
  ])('accepts %s', async (_title, command, types) => {
    const store = await mergedStore();
    const { decision } = await execute(store, policy, patron('b'), command);
    expect(decision).toMatchObject({ accepted: true });
    expect(decision.events.map(({ type }) => type)).toEqual(types);
  });

  it('accepts new fees again once it is separated', async () => {
    const store = await mergedStore();
    await separateAccounts(store, policy, { from: patron('b'), mergeId: 'b>a', at });
    const { decision } = await execute(store, policy, patron('b'), assess('f9', '1.00'));
    expect(decision).toMatchObject({ accepted: true });
  });
});
