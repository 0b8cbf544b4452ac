import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import {
  type FeeSystem,
  type FeeSystemCapability,
  type FeeSystemConformanceOptions,
  feeSystemCapabilities,
  feeSystemConformance,
} from '../../../src/testing/index.js';
import { policyWith } from '../../support/account.js';
import { tried } from '../../support/seeded.js';
import { ourFeeSystem } from './rightSystems/ourFeeSystem.js';
import { plainFeeSystem } from './rightSystems/plainFeeSystem.js';
import { doubleWebhook } from './wrongSystems/doubleWebhook.js';
import { floatBalances } from './wrongSystems/floatBalances.js';
import { kohaWriteOffBecomesCash } from './wrongSystems/kohaWriteOffBecomesCash.js';

const usd = definePolicy({ currency: 'USD' });

/** A system of our account with one function of its own. */
const withOwn = (own: (system: Required<FeeSystem>) => Partial<FeeSystem>) => () => {
  const { system } = plainFeeSystem();
  return { ...system, ...own(system) };
};

async function firstFailure(open: () => FeeSystem, options: FeeSystemConformanceOptions = {}) {
  for (const { title, run } of feeSystemConformance(open, {
    against: 'laws',
    seed: 1,
    runs: 100,
    ...options,
  })) {
    const message = await run().then(
      () => null,
      (error: Error) => error.message,
    );
    if (message !== null) return { title, message };
  }
  return null;
}

describe('the laws over any fee system', () => {
  const right: Readonly<Record<string, readonly [() => FeeSystem, FeeSystemConformanceOptions]>> = {
    'our account': [() => ourFeeSystem(usd), {}],
    'our account that keeps overpayments': [
      () => ourFeeSystem(definePolicy({ currency: 'USD', overpayment: 'credit' })),
      { policy: definePolicy({ currency: 'USD', overpayment: 'credit' }) },
    ],
    'plain rows': [() => plainFeeSystem().system, { policy: policyWith() }],
    // Our account would take these: a system may have stricter rules, and other ones.
    'a system that never waives': [withOwn(() => ({ waive: async () => ({ accepted: false }) })), {}],
    'a system that takes at most half of what is owed': [
      withOwn(({ pay, balances }) => ({
        pay: async (request) => {
          const { fees } = await balances();
          const owed = fees
            .filter(({ feeId }) => request.feeIds.includes(feeId))
            .reduce((sum, fee) => sum + Number(fee.owed), 0);
          return Number(request.amount) > owed / 2 ? { accepted: false } : pay(request);
        },
      })),
      {},
    ],
  };
  describe.each(Object.keys(right))('hold for %s', (name) => {
    const [open, options] = right[name] as (typeof right)[string];
    const { numRuns } = tried(60);
    const cases = feeSystemConformance(open, { against: 'laws', runs: Math.max(1, numRuns), ...options });
    for (const { title, run } of cases) it(title, run);
  });

  it('are not checked with simultaneous requests', () => {
    const titles = feeSystemConformance(() => ourFeeSystem(usd), { against: 'laws' }).map(
      ({ title }) => title,
    );
    expect(titles).toHaveLength(feeSystemCapabilities.length + 1);
    expect(titles.every((title) => title.endsWith(' within the laws'))).toBe(true);
    expect(titles.some((title) => title.includes('simultaneous'))).toBe(false);
  });

  const wrong: readonly (readonly [string, () => FeeSystem, RegExp])[] = [
    ['counts a payment twice that is delivered twice', () => doubleWebhook().system, /moved by p\d+ /],
    [
      'shows amounts as floats',
      () => floatBalances(String),
      /failed: fees\[0\]\.owed: expected a text like "5\.00", found/,
    ],
    [
      'pays out what was waived',
      () => kohaWriteOffBecomesCash().system,
      /refundable +0\.00 +[1-9]|paid out +0\.00/,
    ],
    [
      'takes a refused payment all the same',
      withOwn(({ pay }) => ({ pay: async (request) => ({ ...(await pay(request)), accepted: false }) })),
      /owed on f1 +[\d.]+ +[\d.]+/,
    ],
    [
      'pays another fee too',
      withOwn(({ pay, waive }) => ({
        pay: async (request) => {
          const answer = await pay(request);
          if (answer.accepted && !request.feeIds.includes('f1'))
            await waive({ id: `${request.id}x`, feeId: 'f1', amount: '0.01' });
          return answer;
        },
      })),
      /owed on f1/,
    ],
    [
      'accepts every waiver',
      withOwn(({ waive }) => ({
        waive: async (request) => {
          await waive(request);
          return { accepted: true };
        },
      })),
      /waived on f1 +0\.00 to/,
    ],
    [
      'refunds what nobody paid',
      withOwn(() => ({ refund: async () => ({ accepted: true }) })),
      /accepted of r\d+ +0\.00/,
    ],
    [
      'has a total that is not the sum',
      withOwn(({ balances }) => ({ balances: async () => ({ ...(await balances()), owed: '1.00' }) })),
      /owed +[\d.]+ +1\.00/,
    ],
    [
      'lists a fee that nobody charged',
      withOwn(({ balances }) => ({
        balances: async () => ({ fees: [...(await balances()).fees, { feeId: 'x', owed: '1.00' }] }),
      })),
      /owed on x +0\.00 +1\.00/,
    ],
    [
      'throws',
      withOwn(() => ({
        pay: async () => {
          throw new Error('disk full');
        },
      })),
      /failed: .*disk full/,
    ],
    [
      'shows no balances',
      withOwn(() => ({ balances: async () => ({ fees: 'none' as never }) })),
      /balances +shown +failed/,
    ],
  ];
  it.each(wrong)('find a system that %s', async (_title, open, says) => {
    const found = await firstFailure(open);
    expect(found?.message).toMatch(/^The fee system breaks a law\./);
    expect(found?.message).toMatch(says);
    expect(found?.message).not.toContain('we refuse');
  });

  const tooMuch: readonly (readonly [string, FeeSystemCapability[], () => FeeSystem])[] = [
    [
      'a refund without a credit',
      ['cancel', 'refund'],
      withOwn(() => ({ refund: async () => ({ accepted: true }) })),
    ],
    [
      'a refund without a credit that the patron then owes',
      ['cancel', 'refund'],
      withOwn(({ balances }) => {
        let out = 0;
        return {
          refund: async ({ amount }) => {
            out += Number(amount);
            return { accepted: true };
          },
          balances: async () => {
            const { refundable, ...rest } = await balances();
            return { ...rest, refundable: (Number(refundable) - out).toFixed(2) };
          },
        };
      }),
    ],
    [
      'a payment of which a part is lost',
      [],
      withOwn(({ pay, balances }) => ({
        pay: async ({ amount, ...request }) => {
          const { fees } = await balances();
          const owed = fees
            .filter(({ feeId }) => request.feeIds.includes(feeId))
            .reduce((sum, fee) => sum + Number(fee.owed), 0);
          const taken = Math.min(owed, Number(amount));
          return taken === 0
            ? { accepted: true }
            : pay({ ...request, amount: taken === owed ? owed.toFixed(2) : amount });
        },
        balances: async () => ({ fees: (await balances()).fees }),
      })),
    ],
  ];
  it.each(tooMuch)('report %s without a figure that needs it', async (_title, capabilities, open) => {
    for (const seed of [1, 2, 3]) {
      const { message = '' } = (await firstFailure(open, { capabilities, seed })) ?? {};
      expect(message).toMatch(/accepted of [pr]\d+ +0\.00/);
      expect(message).not.toContain('moved by');
    }
  });

  it('refuse a reference other than the account or the laws', () => {
    expect(() => feeSystemConformance(() => ourFeeSystem(usd), { against: 'fun' as never })).toThrow(
      'against: expected account or laws, found fun',
    );
  });
});
