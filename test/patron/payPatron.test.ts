import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payableFees } from '../../src/account/patronAccount.js';
import { type EventStore, execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { balancesInMinorUnits, type Command, definePolicy, type PatronAccount } from '../../src/index.js';
import { mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { feePaidMessage, fieldsOf, NOW } from '../interop/sip2/terminal.js';
import { assess, at, waive } from '../support/account.js';
import { mergedAccounts, patron, storeOf } from '../support/mergedGroups.js';
import { cutAfter, merge } from '../support/merging.js';
import { assertVaried, tried } from '../support/seeded.js';
import { servicesOf } from '../support/services.js';

const policy = definePolicy({ currency: 'USD' });
const keeping = definePolicy({ currency: 'USD', overpayment: 'credit', paymentOrder: 'proportional' });

const information = (patronId: string) => `63001${NOW}${'   Y      '}AOnorth|AA${patronId}|BP1|BQ100|`;

/** The fields of Patron Information: what can be paid, how many fees, and the names of the fees. */
function figuresOf(response: string) {
  const fields = fieldsOf(response, 61);
  const names = (fields.get('AV') ?? []).map((text) => text.replace(/ \$[\d.]+ "(LOST|FINE|FEE)" .*$/s, ''));
  return { payable: Number(fields.get('BV')?.[0]), count: Number(response.slice(49, 53)), names };
}

async function accountsIn(store: EventStore, patronIds: readonly string[]): Promise<PatronAccount[]> {
  return Promise.all(patronIds.map(async (id) => (await loadAccount(store, patron(id))).account));
}

const sumOf = (accounts: readonly PatronAccount[], name: 'payable' | 'active' | 'disputed' | 'owed') =>
  accounts.reduce((sum, account) => sum + balancesInMinorUnits(account)[name], 0);

/** The money of all payments of the accounts. */
const paidIn = (accounts: readonly PatronAccount[]) =>
  accounts.flatMap(({ payments }) => payments).reduce((sum, { amount }) => sum + amount, 0);

/** A kept account, one that is merged into it, and one that is merged into that. */
async function chain(fees: Readonly<Record<string, readonly Command[]>>) {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, commands] of Object.entries(fees))
    for (const command of commands) await execute(store, policy, patron(patronId), command);
  await mergeAccounts(store, policy, merge('old', 'kept'));
  await mergeAccounts(store, policy, merge('older', 'old'));
  const accounts = () => accountsIn(store, ['kept', 'old', 'older']);
  return { store, accounts, ...servicesOf(store, policy) };
}

const three = { kept: [assess('f1', '5.00')], old: [assess('f1', '3.00')], older: [assess('f2', '2.00')] };
const whole = (amount: string, more = 'BKX9|', who = 'kept') => feePaidMessage(amount, more, { patron: who });

describe('the services of a merged patron', () => {
  it('show and pay every fee of every account, with any of its accounts named (property)', async () => {
    let fees = 0;
    await assertVaried(
      fc.asyncProperty(mergedAccounts({ policies: [policy, keeping] }), async (given) => {
        const store = await storeOf(given);
        const { sip2, alma } = servicesOf(store, given.policy);
        for (const group of given.groups) {
          const before = await accountsIn(store, group);
          const currency = before.find((account) => account.currency !== null)?.currency ?? 'USD';
          if (currency !== 'USD') continue;
          let lists: unknown;
          for (const patronId of group) {
            const { payable, count, names } = figuresOf(await sip2(information(patronId)));
            expect(Math.round(payable * 100)).toBe(sumOf(before, 'payable'));
            expect(count).toBe(before.flatMap(payableFees).length);
            expect(new Set(names).size).toBe(count);
            const [active, disputed] = [
              (await alma(`${patronId}/fees`)).json,
              (await alma(`${patronId}/fees?status=INDISPUTE`)).json,
            ];
            expect(Math.round(active.total_sum * 100)).toBe(sumOf(before, 'active'));
            expect(Math.round(disputed.total_sum * 100)).toBe(sumOf(before, 'disputed'));
            const ids = [active, disputed].flatMap(({ fee = [] }) => fee.map(({ id }: { id: string }) => id));
            expect(ids).toEqual(expect.arrayContaining(names));
            expect(new Set(ids).size).toBe(ids.length);
            lists ??= [names, ids];
            expect([names, ids]).toEqual(lists);
          }
          const [names] = lists as [string[]];
          for (const [index, name] of names.entries()) {
            const asked = group[index % group.length] as string;
            const { json: fee } = await alma(`${asked}/fees/${encodeURIComponent(name)}`);
            const owing = before.flatMap(payableFees).length;
            // A transaction is of one patron: that of one who was merged with another is looked for in both accounts.
            const query = `op=pay&method=CASH&external_transaction_id=once-${asked}-${index}`;
            const path = `${asked}/fees/${encodeURIComponent(name)}?${query}`;
            for (let time = 0; time < 2; time++) expect((await alma(path, 'POST')).json.balance).toBe(0);
            fees += 1;
            expect([fee.balance > 0, owing > 0]).toEqual([true, true]);
          }
          expect(sumOf(await accountsIn(store, group), 'payable')).toBe(0);
          expect(paidIn(await accountsIn(store, group)) - paidIn(before)).toBe(sumOf(before, 'payable'));
        }
      }),
      tried(200),
      20,
      () => expect(fees).toBeGreaterThan(20),
    );
  });

  it('record a payment of all fees once, wherever it is interrupted, even if the other service finishes it (property)', async () => {
    let [paid, several] = [0, 0];
    const ways = fc.array(fc.record({ service: fc.constantFrom('sip2', 'alma', 'all'), cut: fc.nat(3) }), {
      minLength: 1,
      maxLength: 5,
    });
    await assertVaried(
      fc.asyncProperty(
        mergedAccounts({ policies: [policy, keeping] }),
        fc.nat(),
        ways,
        async (given, part, calls) => {
          const store = await storeOf(given);
          const group = [...given.groups].sort((a, b) => b.length - a.length)[0] as readonly string[];
          const before = await accountsIn(store, group);
          if (before.some(({ currency }) => currency !== null && currency !== 'USD')) return;
          const isAll = calls.some(({ service }) => service === 'all');
          // All is what the fees leave after the credits.
          const payable = sumOf(before, isAll ? 'active' : 'payable');
          if (payable <= 0 || payable >= 10 ** 12) return;
          const cents = isAll ? payable : 1 + (part % payable);
          const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
          const send = async ({ service }: { service: string }, to: EventStore, who: string) => {
            const { sip2, alma } = servicesOf(to, given.policy);
            if (service === 'sip2') return (await sip2(whole(amount, 'BKX9|', who)))[2];
            const asked = service === 'all' ? 'ALL' : amount;
            const query = `op=pay&amount=${asked}&method=CASH&external_transaction_id=X9`;
            return (await alma(`${who}/fees/all?${query}`, 'POST')).status;
          };
          for (const [index, call] of calls.entries()) {
            const who = group[index % group.length] as string;
            await send(call, cutAfter(store, call.cut), who).catch((error: Error) =>
              expect(error.message).toBe('power cut'),
            );
          }
          for (const call of [...calls, ...calls])
            expect(['Y', 200]).toContain(await send(call, store, group[0] as string));
          const after = await accountsIn(store, group);
          expect(paidIn(after) - paidIn(before)).toBe(cents);
          expect(sumOf(after, isAll ? 'active' : 'payable')).toBe(payable - cents);
          const parts = after.filter(({ payments }) =>
            payments.some((one) => one.externalTransactionId === 'X9'),
          );
          paid += 1;
          if (parts.length > 1) several += 1;
        },
      ),
      tried(400),
      50,
      () => {
        expect(paid).toBeGreaterThan(10);
        expect(several).toBeGreaterThan(2);
      },
    );
  });

  it('keep each fee in its own account, under its id', async () => {
    const { sip2, accounts, alma } = await chain(three);
    const list = await sip2(information('older'));
    expect(figuresOf(list)).toEqual({ payable: 10, count: 3, names: ['f1', 'f1@old', 'f2'] });
    expect(await sip2(whole('3.00', 'CGf1@old|BKX1|', 'older'))).toMatch(/^38Y/);
    expect(await sip2(whole('3.00', 'CGf1@old|BKX1|', 'kept'))).toMatch(/^38Y/);
    expect((await alma('old/fees/f2?op=waive&reason=OTHER', 'POST')).json.balance).toBe(0);
    expect((await alma('old/fees/f1?op=dispute', 'POST')).json).toMatchObject({
      id: 'f1',
      status: { value: 'INDISPUTE' },
      user_primary_id: { value: 'old' },
    });
    const now = await accounts();
    expect(now.map((account) => balancesInMinorUnits(account).owed)).toEqual([500, 0, 0]);
    expect(now.map((account) => balancesInMinorUnits(account).disputed)).toEqual([500, 0, 0]);
    expect(await sip2(whole('1.00', 'CGf9|BKX2|'))).toContain('AFThis patron has no fee f9.');
    expect((await alma('kept/fees/f9')).json.errorList.error[0].errorCode).toBe('401665');
  });

  it('charge a new fee to the account that is kept', async () => {
    const { alma, accounts } = await chain(three);
    const fee = { type: { value: 'OTHER' }, original_amount: 1, owner: { value: 'MAIN' } };
    const { status, json } = await alma('older/fees', 'POST', fee);
    expect([status, json.balance]).toEqual([200, 1]);
    expect((await accounts()).map(({ fees }) => fees.length)).toEqual([2, 1, 1]);
    expect((await alma(`old/fees/${json.id}`)).json.balance).toBe(1);
  });

  it('recognise a payment of one fee after another account got a fee with the same id', async () => {
    const { store, sip2, alma, accounts } = await chain({ ...three, kept: [] });
    const [message, timed] = [whole('1.00', 'CGf1|BKX1|', 'old'), whole('1.00', 'CGf1|', 'old')];
    for (const sent of [message, timed]) expect(await sip2(sent)).toMatch(/^38Y/);
    await execute(store, policy, patron('kept'), assess('f1', '5.00'));
    for (const sent of [message, timed]) expect(await sip2(sent)).toMatch(/^38Y/);
    const query = 'op=pay&amount=1.00&method=CASH&external_transaction_id=X1';
    expect((await alma(`old/fees/f1?${query}`, 'POST')).status).toBe(200);
    expect((await accounts()).map(({ payments }) => payments.length)).toEqual([0, 2, 0]);
  });

  it('recognise a payment that was made before the accounts were merged, even after they were separated', async () => {
    const store = memoryEventStore({ now: () => at });
    for (const patronId of ['old', 'kept'])
      await execute(store, policy, patron(patronId), assess('f1', '5.00'));
    const { sip2 } = servicesOf(store, policy);
    const [early, late] = [whole('2.00', 'BKX1|', 'old'), whole('8.00', 'BKX2|', 'old')];
    expect(await sip2(early)).toMatch(/^38Y/);
    await mergeAccounts(store, policy, merge('old', 'kept'));
    for (const message of [early, late, early, late]) expect(await sip2(message)).toMatch(/^38Y/);
    const all = await accountsIn(store, ['kept', 'old']);
    expect([paidIn(all), sumOf(all, 'payable')]).toEqual([1_000, 0]);
    await separateAccounts(store, policy, { from: patron('old'), mergeId: 'old>kept', at });
    for (const patronId of ['kept', 'old'])
      await execute(store, policy, patron(patronId), assess('f2', '9.00'));
    for (const patronId of ['kept', 'old'])
      expect(await sip2(whole('8.00', 'BKX2|', patronId))).toMatch(/^38Y/);
    expect(paidIn(await accountsIn(store, ['kept', 'old']))).toBe(1_000);
  });

  it('take parts that name fees, and the rest, as one account does', async () => {
    const { sip2, accounts } = await chain(three);
    const parts = [whole('5.00', 'CGf1|BKX9|'), whole('2.00', 'CGf2|BKX9|')];
    for (const message of [...parts, ...parts]) expect(await sip2(message)).toMatch(/^38Y/);
    // The whole again, of both parts.
    expect(await sip2(whole('7.00'))).toMatch(/^38Y/);
    expect(paidIn(await accounts())).toBe(700);
    for (const message of [whole('3.00'), whole('3.00')]) expect(await sip2(message)).toMatch(/^38Y/);
    expect(paidIn(await accounts())).toBe(1_000);
  });

  it('refuse a transaction with another amount, and one that was reversed', async () => {
    const { store, sip2, alma, accounts } = await chain(three);
    expect(await sip2(whole('9.00'))).toMatch(/^38Y/);
    expect(await sip2(whole('8.00'))).toMatch(/AFThe CASH transaction X9 is already recorded: .*, of 9.00\./);
    for (const [index, account] of (await accounts()).entries()) {
      const [payment] = account.payments;
      if (payment === undefined) continue;
      const reversal = { type: 'ReversePayment', id: 'r1', paymentId: payment.paymentId, at } as const;
      await execute(store, policy, patron(['kept', 'old', 'older'][index] as string), reversal);
    }
    expect(await sip2(whole('9.00'))).toMatch(/^38N.*already recorded/);
    expect(paidIn(await accounts())).toBe(900);
    expect((await alma('old/fees/all?op=pay&amount=ALL&method=CASH', 'POST')).json.total_record_count).toBe(
      0,
    );
    const again = await alma('old/fees/all?op=pay&amount=ALL&method=CASH', 'POST');
    expect(again.json.errorList.error[0].errorMessage).toContain('Nothing is owed.');
  });

  it('refuse more than all accounts owe, or credit the account that is kept', async () => {
    const { store, sip2, accounts } = await chain(three);
    expect(await sip2(whole('10.01'))).toContain('AF10.01 is more than the 10.00 that is owed.');
    expect(paidIn(await accounts())).toBe(0);
    expect(await servicesOf(store, keeping).sip2(whole('12.00'))).toMatch(/^38Y/);
    expect((await accounts()).map(({ credits }) => credits.length)).toEqual([1, 0, 0]);
  });

  it('pay all that is owed at the time, although somebody waives a part of it meanwhile', async () => {
    const { store, accounts } = await chain(three);
    let isFirst = true;
    const racing: EventStore = {
      ...store,
      append: async (stream, events, options) => {
        if (isFirst) {
          isFirst = false;
          await execute(store, policy, patron('older'), waive('w1', 'f2'));
        }
        return store.append(stream, events, options);
      },
    };
    const { status } = await servicesOf(racing, policy).alma(
      'old/fees/all?op=pay&amount=ALL&method=CASH',
      'POST',
    );
    expect(status).toBe(200);
    expect(sumOf(await accounts(), 'payable')).toBe(0);
    expect(paidIn(await accounts())).toBe(800);
  });

  it('leave out an account in another currency', async () => {
    const { store, sip2 } = await chain({ kept: [], old: [assess('f1', '3.00')], older: [] });
    const euro = definePolicy({ currency: 'EUR' });
    await execute(store, euro, patron('kept'), assess('e1', '7.00'));
    expect(await sip2(information('older'))).toContain('|BHUSD|BV3.00|');
    expect(await sip2(information('kept'))).toContain('|BHEUR|BV7.00|');
  });
});
