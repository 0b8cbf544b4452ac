import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import { feePaidMessage } from '../interop/sip2/terminal.js';
import { assess, at } from '../support/account.js';
import { merge, patron } from '../support/merging.js';
import { assertVaried, tried } from '../support/seeded.js';
import { servicesOf } from '../support/services.js';

const policy = definePolicy({ currency: 'USD' });
const money = (minor: number) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

type Row = { readonly id: string; readonly balance: number };

describe('clients that split a payment anew at each try and miss answers, if the total is known', () => {
  const cents = fc.integer({ min: 1, max: 900 });
  const call = fc.record({
    service: fc.constantFrom('alma', 'sip2'),
    whole: fc.boolean(),
    cut: fc.nat(900),
    isLost: fc.boolean(),
  });
  const run = fc.record({
    accounts: fc.array(fc.array(cents, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    captured: fc.nat(),
    tries: fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  });

  it('record what was captured, in one account and in several (property)', async () => {
    let several = 0;
    await assertVaried(
      fc.asyncProperty(run, async ({ accounts, captured: part, tries }) => {
        const owed = accounts.flat().reduce((sum, fee) => sum + fee, 0);
        if (owed === 0) return;
        const captured = 1 + (part % owed);
        const ids = accounts.map((_, index) => `p${index}`);
        const store = memoryEventStore({ now: () => at });
        for (const [index, fees] of accounts.entries()) {
          for (const [n, fee] of fees.entries())
            await execute(store, policy, patron(`p${index}`), assess(`f${n}`, money(fee)));
        }
        for (const id of ids.slice(1)) await mergeAccounts(store, policy, merge(id, 'p0'));
        const total = () => Promise.resolve(money(captured));
        const { alma, sip2 } = servicesOf(store, policy, { transactionTotal: total });
        const recorded = async () => {
          const loaded = await Promise.all(ids.map((id) => loadAccount(store, patron(id))));
          return loaded
            .flatMap(({ account }) => account.payments)
            .reduce((sum, { amount }) => sum + amount, 0);
        };
        const send = async (service: string, fee: string | undefined, minor: number, who: string) => {
          const amount = money(minor);
          if (service === 'sip2') {
            const named = fee === undefined ? '' : `CG${fee}|`;
            return (await sip2(feePaidMessage(amount, `BKX9|${named}`, { patron: who })))[2] === 'Y';
          }
          const query = `op=pay&amount=${amount}&method=CASH&external_transaction_id=X9`;
          return (await alma(`${who}/fees/${fee ?? 'all'}?${query}`, 'POST')).status === 200;
        };
        const last = [{ service: 'alma', whole: true, cut: 0, isLost: false }];
        for (const [n, calls] of [...tries, last].entries()) {
          const who = ids[n % ids.length] as string;
          let left = captured;
          const fees: Row[] = (await alma(`${who}/fees`)).json.fee ?? [];
          for (const { service, whole, cut, isLost } of calls) {
            const fee = whole ? undefined : fees.shift();
            const most = fee === undefined ? left : Math.min(left, Math.round(fee.balance * 100));
            const minor = whole ? most : Math.min(most, 1 + cut);
            if (minor === 0) break;
            const isDone = await send(service, fee?.id, minor, who);
            expect(await recorded()).toBeLessThanOrEqual(captured);
            if (isLost) break;
            expect(isDone).toBe(true);
            left -= minor;
          }
        }
        expect(await recorded()).toBe(captured);
        if (ids.length > 1) several += 1;
      }),
      tried(400),
      20,
      () => expect(several).toBeGreaterThan(0),
    );
  });

  it('are refused another total, and a part above it, with the reason', async () => {
    const store = memoryEventStore({ now: () => at });
    await execute(store, policy, patron('p0'), assess('f1', '5.00'));
    await execute(store, policy, patron('p1'), assess('f2', '5.00'));
    await mergeAccounts(store, policy, merge('p1', 'p0'));
    let total = '6.00';
    const { sip2 } = servicesOf(store, policy, { transactionTotal: () => total });
    expect(await sip2(feePaidMessage('7.00', 'BKX9|', { patron: 'p0' }))).toContain('|AF');
    expect(await sip2(feePaidMessage('5.00', 'BKX9|CGf1|', { patron: 'p0' }))).toMatch(/^38Y/);
    total = '4.00';
    expect(await sip2(feePaidMessage('1.00', 'BKX9|CGf2|', { patron: 'p0' }))).toMatch(
      /^38N.*already recorded/,
    );
    total = '5.00, perhaps';
    await expect(sip2(feePaidMessage('1.00', 'BKX9|', { patron: 'p0' }))).rejects.toThrow(
      'transactionTotal()',
    );
  });
});
