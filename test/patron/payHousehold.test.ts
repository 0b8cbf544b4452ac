import fc from 'fast-check';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
import { execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import {
  balancesInMinorUnits,
  type Command,
  definePolicy,
  type FeePolicy,
  findPayment,
} from '../../src/index.js';
import { type HouseholdPayment, payHousehold } from '../../src/patron/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { ask, assess, at, pay } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { storeWith } from '../support/stores.js';
import { withoutPauses } from '../support/withoutPauses.js';

const policy = definePolicy({ currency: 'USD' });
const institution = 'north';
const payment: HouseholdPayment = {
  institution,
  patronIds: ['mother', 'child', 'aunt'],
  id: 'p1',
  amount: '8.00',
  method: 'ONLINE',
  externalTransactionId: 'x1',
  at,
};

async function filled(accounts: Readonly<Record<string, readonly Command[]>>, rules: FeePolicy = policy) {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, commands] of Object.entries(accounts)) {
    for (const command of commands) await execute(store, rules, { institution, patronId }, command);
  }
  return store;
}

/** What each account has of the payment, and what it owes. */
async function figures(store: EventStore, patronIds = payment.patronIds) {
  const rows = [];
  for (const patronId of patronIds) {
    const { account } = await loadAccount(store, { institution, patronId });
    rows.push([findPayment(account, 'p1')?.amount ?? 0, balancesInMinorUnits(account).owed]);
  }
  return rows;
}

const late = (feeId: string, amount: string) => assess(feeId, amount, { at: '2026-03-03T09:00:00Z' });
const three = { mother: [late('m', '5.00')], child: [assess('c', '4.00')], aunt: [] };

describe('payHousehold', () => {
  it('pays the oldest fee of all accounts first, each account under the same id', async () => {
    const store = await filled(three);
    expect(await payHousehold(store, policy, payment)).toEqual({
      accepted: true,
      parts: [
        { patronId: 'mother', amount: '4.00' },
        { patronId: 'child', amount: '4.00' },
      ],
    });
    expect(await figures(store)).toEqual([
      [400, 100],
      [400, 0],
      [0, 0],
    ]);
    const { account } = await loadAccount(store, { institution, patronId: 'child' });
    expect(findPayment(account, 'p1')).toMatchObject({ method: 'ONLINE', externalTransactionId: 'x1', at });
  });

  it('pays in another order on request', async () => {
    const store = await filled(three);
    await payHousehold(store, policy, { ...payment, amount: '5', order: 'largest-first' });
    expect(await figures(store)).toEqual([
      [500, 0],
      [0, 400],
      [0, 0],
    ]);
  });

  it('changes nothing if it is sent again', async () => {
    const store = await filled(three);
    const first = await payHousehold(store, policy, payment);
    const before = await figures(store);
    expect(await payHousehold(store, policy, payment)).toEqual(first);
    expect(await figures(store)).toEqual(before);
  });

  it('is a repeat of its external transaction if it is sent again under another id, even if nobody owes anything', async () => {
    const keeping = definePolicy({ currency: 'USD', overpayment: 'credit' });
    const store = await filled(three);
    const whole = { ...payment, amount: '9.00' };
    const first = await payHousehold(store, keeping, whole);
    const before = await figures(store);
    expect(await payHousehold(store, keeping, { ...whole, id: 'p2' })).toEqual(first);
    expect(await figures(store)).toEqual(before);
    const { account } = await loadAccount(store, { institution, patronId: 'mother' });
    expect([account.payments.length, account.credits]).toEqual([1, []]);
    for (const other of [{ method: 'CASH' }, { externalTransactionId: 'x2' }, { amount: '8.00' }])
      expect(await payHousehold(store, policy, { ...whole, id: 'p3', ...other })).toMatchObject({
        rejection: { type: 'PaymentExceedsOwed' },
      });
  });

  it('is refused if it is sent again under another id after its external transaction was reversed', async () => {
    const store = await filled(three);
    const whole = { ...payment, amount: '9.00' };
    const { parts } = await payHousehold(store, policy, whole);
    for (const { patronId } of parts) {
      const reverse = { type: 'ReversePayment', id: 'r', paymentId: whole.id, at: whole.at } as const;
      await execute(store, policy, { institution, patronId }, reverse);
    }
    expect(await payHousehold(store, policy, { ...whole, id: 'p2' })).toMatchObject({
      accepted: false,
      rejection: { type: 'ExternalTransactionAlreadyUsed', reversed: true },
      parts: [],
    });
  });

  it('is refused as a whole if it exceeds what is owed, or the rest becomes a credit of the payer', async () => {
    const store = await filled(three);
    const large = { ...payment, amount: '10' };
    expect(await payHousehold(store, policy, large)).toEqual({
      accepted: false,
      rejection: { type: 'PaymentExceedsOwed', kind: 'conflict', feeId: null, amount: '10.00', owed: '9.00' },
      parts: [],
    });
    expect(await figures(store)).toEqual([
      [0, 500],
      [0, 400],
      [0, 0],
    ]);
    const keeping = definePolicy({ currency: 'USD', overpayment: 'credit' });
    await payHousehold(store, keeping, large);
    const { account } = await loadAccount(store, { institution, patronId: 'mother' });
    expect(account.credits).toMatchObject([{ amount: 100, purpose: 'refundable', cause: 'overpayment' }]);
  });

  it('can itself say what happens to the rest', async () => {
    const store = await filled(three);
    const large = { ...payment, amount: '10' };
    const keeping = definePolicy({ currency: 'USD', overpayment: 'credit' });
    expect(await payHousehold(store, keeping, { ...large, overpayment: 'refuse' })).toMatchObject({
      accepted: false,
      rejection: { type: 'PaymentExceedsOwed' },
    });
    expect(await payHousehold(store, policy, { ...large, overpayment: 'credit' })).toMatchObject({
      accepted: true,
    });
    expect((await figures(store))[0]).toEqual([600, 0]);
  });

  it('is recorded once if it comes twice at the same time, and was divided differently', async () => {
    const store = await filled({ ...three, aunt: [assess('a', '3.00')] });
    let reads = 0;
    const racing = storeWith(store, {
      read: async (stream, options) => {
        const slice = await store.read(stream, options);
        reads += 1;
        if (reads === 3) {
          await execute(store, policy, { institution, patronId: 'aunt' }, pay('desk', '1.00'));
          await payHousehold(store, policy, payment);
        }
        return slice;
      },
    });
    expect(await payHousehold(racing, policy, payment)).toMatchObject({ accepted: true });
    expect((await figures(store)).reduce((sum, [paid = 0]) => sum + paid, 0)).toBe(800);
  });

  it('is recorded in all accounts or none in a transaction of the caller', async () => {
    const database = new Database(':memory:');
    migrate(database);
    const store = sqliteEventStore(database);
    for (const [patronId, commands] of Object.entries(three))
      for (const command of commands) await execute(store, policy, { institution, patronId }, command);
    const before = await figures(store);
    for (const end of ['rollback', 'commit']) {
      database.exec('begin immediate');
      const paid = await payHousehold(store.within(database), policy, { ...payment, amount: '9.00' });
      expect(paid).toMatchObject({ accepted: true, parts: [{ amount: '5.00' }, { amount: '4.00' }] });
      database.exec(end);
      if (end === 'rollback') expect(await figures(store)).toEqual(before);
    }
    expect(await figures(store)).toEqual([
      [500, 0],
      [400, 0],
      [0, 0],
    ]);
    database.close();
  });

  it('is refused with an unknown method, and nothing is recorded', async () => {
    const store = await filled(three);
    const result = await payHousehold(store, policy, { ...payment, method: 'BARTER' });
    expect(result).toMatchObject({ accepted: false, rejection: { type: 'PaymentMethodUnknown' }, parts: [] });
  });

  it.each([
    [
      'one in another currency',
      definePolicy({ currency: 'JPY' }),
      assess('a', '400'),
      'AccountInOtherCurrency',
    ],
    ['one with a fee of its id', policy, assess('p1', '4.00'), 'IdAlreadyUsed'],
  ])('is refused as a whole if an account is %s', async (_, rules, command, type) => {
    const store = await filled({ mother: [late('m', '5.00')], aunt: [assess('c', '4.00')] });
    await execute(store, rules, { institution, patronId: 'child' }, command);
    const refused = { accepted: false, rejection: { type }, parts: [] };
    expect(await payHousehold(store, policy, { ...payment, amount: '10' })).toMatchObject(refused);
    expect((await figures(store)).map(([paid]) => paid)).toEqual([0, 0, 0]);
  });

  it('needs a role and an approval for its whole amount, and its repeat needs none', async () => {
    const rules = definePolicy({
      currency: 'USD',
      permissions: { ReceivePayment: { CLERK: { upTo: '7' }, HEAD: {} } },
      approvals: { ReceivePayment: { above: '7.50', roles: ['SUPERVISOR'] } },
    });
    const store = await filled(three);
    const paidBy = (role: string, approvedBy?: HouseholdPayment['approvedBy']) => {
      const by = { userId: 'ana', channel: 'desk', roles: [role] } as const;
      return payHousehold(store, rules, { ...payment, by, ...(approvedBy && { approvedBy }) });
    };
    const limit = { type: 'NotPermitted', needs: ['HEAD'], limit: '7.00', amount: '8.00' };
    expect(await paidBy('CLERK')).toMatchObject({ rejection: limit, parts: [] });
    const unapproved = { type: 'ApprovalRequired', amount: '8.00' };
    expect(await paidBy('HEAD')).toMatchObject({ rejection: unapproved, parts: [] });
    const approvedBy = { userId: 'eve', roles: ['SUPERVISOR'], upTo: '8' };
    const less = await paidBy('HEAD', { ...approvedBy, upTo: '7.99' });
    expect(less).toMatchObject({ rejection: { ...unapproved, approvedUpTo: '7.99' }, parts: [] });
    expect(await paidBy('HEAD', approvedBy)).toMatchObject({ accepted: true });
    expect(await paidBy('CLERK')).toMatchObject({ accepted: true });
    const { events } = await store.read({ institution, patronId: 'child' });
    const recorded = { by: { userId: 'ana', channel: 'desk' }, approvedBy: { userId: 'eve', upTo: '8.00' } };
    expect(events.at(-1)?.event.data).toMatchObject(recorded);
  });

  it('finishes after an interruption, although the payer has paid at the desk meanwhile', async () => {
    const store = await filled(three);
    let writes = 0;
    const breaking = storeWith(store, {
      append: async (...given) => {
        if (++writes > 1) throw new Error('power cut');
        return store.append(...given);
      },
    });
    await expect(payHousehold(breaking, policy, payment)).rejects.toThrow('power cut');
    expect(await figures(store)).toEqual([
      [0, 500],
      [400, 0],
      [0, 0],
    ]);
    await execute(store, policy, { institution, patronId: 'mother' }, pay('desk', '5.00'));
    expect(await payHousehold(store, policy, payment)).toMatchObject({ accepted: true });
    const { account } = await loadAccount(store, { institution, patronId: 'mother' });
    expect(findPayment(account, 'p1')).toMatchObject({ amount: 400, overpayment: { amount: 400 } });
  });

  it('divides again if a fee was paid or disputed meanwhile', async () => {
    const store = await filled({ ...three, aunt: [assess('a', '3.00')] });
    let reads = 0;
    const racing = storeWith(store, {
      read: async (stream, options) => {
        reads += 1;
        const slice = await store.read(stream, options);
        if (reads === 3) {
          await execute(store, policy, { institution, patronId: 'aunt' }, pay('desk', '2.00'));
          await execute(
            store,
            policy,
            { institution, patronId: 'child' },
            ask('DisputeFee', 'd', { feeId: 'c' }),
          );
        }
        return slice;
      },
    });
    expect(await payHousehold(racing, policy, { ...payment, amount: '6' })).toEqual({
      accepted: true,
      parts: [
        { patronId: 'mother', amount: '5.00' },
        { patronId: 'aunt', amount: '1.00' },
      ],
    });
  });

  it('throws for another payment under the same id', async () => {
    const store = await filled({ mother: [assess('m', '9'), pay('p1', '1')], child: [], aunt: [] });
    await expect(payHousehold(store, policy, payment)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const { externalTransactionId: _, ...cash } = { ...payment, method: 'CASH' };
    await expect(payHousehold(store, policy, cash)).rejects.toThrow('1.00 is recorded');
    await expect(payHousehold(store, policy, { ...cash, amount: '0.50' })).rejects.toThrow(
      '1.00 is recorded',
    );
  });

  it.each([
    [{ patronIds: [] }, 'payment.patronIds'],
    [{ patronIds: ['a', 'a'] }, 'payment.patronIds'],
    [{ amount: '0' }, 'payment.amount'],
    [{ amount: '1.001' }, 'payment.amount'],
    [{ at: 'now' }, 'payment.at'],
    [{ order: 'random' }, 'payment.order'],
    [{ overpayment: 'keep' }, 'payment.overpayment'],
    [{ note: 'x' }, 'payment.note'],
  ])('throws for %j', async (more, path) => {
    const store = await filled({});
    const promise = payHousehold(store, policy, { ...payment, ...more } as HouseholdPayment);
    await expect(promise).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { faults: [{ path }] },
    });
  });

  it('gives up when others write at every attempt', async () => {
    withoutPauses();
    const store = await filled({ mother: [], child: [assess('c0', '9')], aunt: [] });
    let number = 0;
    const hostile = storeWith(store, {
      append: async (stream, events, options) => {
        if (stream.patronId === 'child') {
          number += 1;
          const [dispute, more] = [
            ask('DisputeFee', `d${number}`, { feeId: `c${number - 1}` }),
            assess(`c${number}`, '9'),
          ];
          await execute(store, policy, stream, [dispute, more]);
        }
        return store.append(stream, events, options);
      },
    });
    await expect(payHousehold(hostile, policy, payment)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it('records the whole amount exactly once, wherever it is interrupted (property)', async () => {
    const debts = fc.array(fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        debts,
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.nat(4), { maxLength: 4 }),
        async (all, cents, cuts) => {
          const rules = definePolicy({ currency: 'USD', overpayment: 'credit' });
          const money = (minor: number) =>
            `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
          const patronIds = all.map((_, index) => `p${index}`);
          const accounts = all.map((fees) => fees.map((fee, index) => assess(`f${index}`, money(fee))));
          const store = await filled(
            Object.fromEntries(patronIds.map((id, index) => [id, accounts[index] ?? []])),
            rules,
          );
          const given = { ...payment, patronIds, amount: money(cents) };
          for (const cut of cuts) {
            let left = cut;
            const breaking = storeWith(store, {
              append: async (...args) => {
                const done = left > 0 || left < 0 ? store.append(...args) : Promise.reject(new Error('cut'));
                left -= 1;
                return done;
              },
            });
            await payHousehold(breaking, rules, given).catch((error: Error) =>
              expect(error.message).toBe('cut'),
            );
          }
          const result = await payHousehold(store, rules, given);
          expect(result.accepted).toBe(true);
          const rows = await figures(store, patronIds);
          expect(rows.reduce((sum, [paid = 0]) => sum + paid, 0)).toBe(cents);
          const owedBefore = all.flat().reduce((sum, fee) => sum + fee, 0);
          expect(rows.reduce((sum, [, open = 0]) => sum + open, 0)).toBe(Math.max(0, owedBefore - cents));
        },
      ),
      tried(200),
    );
  });
});
