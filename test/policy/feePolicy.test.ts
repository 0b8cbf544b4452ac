import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/account/decide.js';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from '../../src/policy/codeTables.js';
import { definedPolicy, definePolicy, feeTypeRule } from '../../src/policy/feePolicy.js';
import type { FeePolicyInput } from '../../src/policy/policyInput.js';

const at = '2026-03-02T09:00:00Z';

/** A policy that sets every option. */
const whole: FeePolicyInput = {
  currency: 'JPY',
  feeTypes: {
    FINE: { label: 'Fine', manual: false, waiveable: false, defaultAmount: '5', payableOnline: false },
    LOST: { label: 'Lost', lostItem: true, refundPercent: 33.3, retired: true },
  },
  paymentMethods: { CASH: 'Cash' },
  waiveReasons: { KIND: { label: 'Kindness', kind: 'writeOff' } },
  creditReasons: { SORRY: 'Sorry' },
  destinations: { BURSAR: 'Bursar' },
  overpayment: 'credit',
  paymentOrder: 'evenly',
  unpaidOnReturn: 'all',
  transfers: {
    expectsSettlement: true,
    fees: { minimumAmount: '100', minimumAgeDays: 30 },
    credits: { minimumAgeDays: 0.5 },
  },
  blockLimits: { student: [{ amount: '1000', limitItselfBlocks: true, excludedFeeTypes: ['LOST'] }] },
  retention: { purgeAfterDays: 3_652, eraseTextsAfterDays: 365 },
  forfeitAfterDays: 1_095,
  onlinePayments: {
    method: 'CASH',
    shortfallFee: { feeType: 'FINE', owner: 'MAIN' },
    minimumAmount: '100',
    serviceFee: { percent: 1.5, vatPercent: 19 },
    exactBalance: true,
    accruing: true,
    expiresAfterMinutes: 30,
    sharedAccount: true,
  },
};

/** The error that `definePolicy` throws. */
function refusal(input: unknown): { code: string; message: string; details: { faults: { path: string }[] } } {
  try {
    definePolicy(input as never);
  } catch (error) {
    return error as never;
  }
  throw new Error('the policy was accepted');
}

describe('definePolicy', () => {
  it('refuses a list in place of a permission, and a forbidden name such as constructor', () => {
    const permissions = { ReceivePayment: { CLERK: [] }, constructor: {} };
    const { details } = refusal({
      currency: 'USD',
      permissions: { ReceivePayment: permissions.ReceivePayment },
    });
    expect(details.faults.map(({ path }) => path)).toEqual(['permissions.ReceivePayment.CLERK']);
    expect(refusal({ currency: 'USD', permissions }).details.faults.map(({ path }) => path)).toContain(
      'permissions',
    );
  });

  it('requires only a currency; the defaults are those of Alma', () => {
    expect(definePolicy({ currency: 'USD' })).toEqual({
      currency: 'USD',
      cardNumbers: 'refused',
      feeTypes: almaFeeTypes,
      paymentMethods: almaPaymentMethods,
      waiveReasons: Object.fromEntries(
        Object.entries(almaWaiveReasons).map(([code, label]) => [code, { label, kind: 'waiver' }]),
      ),
      creditReasons: { GOODWILL: 'Goodwill', OTHER: 'Other' },
      destinations: { BURSAR: 'Bursar' },
      overpayment: 'refuse',
      paymentOrder: 'oldest-first',
      unpaidOnReturn: 'percent',
      transfers: { expectsSettlement: false, fees: {}, credits: {} },
      blockLimits: {},
      accrualLimits: {},
    });
  });

  it('keeps every given option', () => {
    expect(definePolicy(whole)).toMatchObject(whole);
  });

  it('formats amounts with the decimals of the currency', () => {
    const limited = { blockLimits: { student: [{ amount: '10' }] } };
    const amount = (currency: string) =>
      definePolicy({ currency, ...limited }).blockLimits.student?.[0]?.amount;
    expect(['JPY', 'USD', 'KWD'].map(amount)).toEqual(['10', '10.00', '10.000']);
    expect(
      refusal({ currency: 'JPY', blockLimits: { student: [{ amount: '10.5' }] } }).details.faults,
    ).toEqual([expect.objectContaining({ path: 'blockLimits.student[0].amount' })]);
  });

  it.each([{ purgeAfterDays: 0 }, { eraseTextsAfterDays: 1.5 }, { purgeAfterDays: '365' }, { days: 365 }])(
    'refuses the least ages of retention %j',
    (retention) => {
      const [name] = Object.keys(retention);
      const { faults } = refusal({ currency: 'USD', retention }).details;
      expect(faults).toMatchObject([{ path: `retention.${name}` }]);
    },
  );

  it('lists every fault with its path, the currency first', () => {
    const error = refusal({
      currency: 'DOLLARS',
      feeTypes: { OTHER: { label: '' } },
      paymentOrder: 'random',
      unknown: true,
    });
    expect(error.code).toBe('INVALID_POLICY');
    expect(error.details.faults.map(({ path }) => path)).toEqual([
      'currency',
      'feeTypes.OTHER.label',
      'paymentOrder',
      'unknown',
    ]);
    expect(error.message).toContain(
      'currency: expected an ISO 4217 code, found "DOLLARS"; feeTypes.OTHER.label: ',
    );
  });

  it.each([
    ['usd', '"usd"'],
    ['x'.repeat(10_000), `"${'x'.repeat(20)}"`],
    [undefined, 'missing'],
    [840, 'number'],
    [['USD'], 'object'],
  ])('refuses the currency %s', (currency, found) => {
    expect(refusal({ currency }).details.faults).toContainEqual({
      path: 'currency',
      expected: 'an ISO 4217 code',
      found,
    });
  });

  it.each([[null], [undefined], ['USD'], [5], [[]], [() => ({ currency: 'USD' })], [new Date(0)]])(
    'refuses %s, which is without a currency',
    (input) => {
      const { code, details } = refusal(input);
      expect(code).toBe('INVALID_POLICY');
      expect(details.faults).toContainEqual({
        path: 'currency',
        expected: 'an ISO 4217 code',
        found: 'missing',
      });
    },
  );

  it('refuses a policy if reading it throws', () => {
    const throwing = {
      get currency(): string {
        throw new Error('not today');
      },
    };
    for (const input of [
      throwing,
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('never');
          },
        },
      ),
    ]) {
      expect(refusal(input)).toMatchObject({
        code: 'INVALID_POLICY',
        message:
          'INVALID_POLICY: policy: expected a policy that can be read, found something that throws when it is read',
      });
    }
  });

  it('accepts a policy of another realm', () => {
    const foreign = runInNewContext(`(${JSON.stringify(whole)})`) as FeePolicyInput;
    expect(definePolicy(foreign)).toEqual(definePolicy(whole));
  });

  it('returns a deeply frozen policy', () => {
    const policy = definePolicy(whole);
    const parts: unknown[] = [policy];
    for (const part of parts) {
      if (typeof part !== 'object' || part === null) continue;
      expect(Object.isFrozen(part)).toBe(true);
      parts.push(...Object.values(part));
    }
    expect(parts.length).toBeGreaterThan(20);
  });

  it('neither freezes nor changes its input or the default tables', () => {
    const input = structuredClone(whole);
    const policy = definePolicy(input);
    expect(input).toEqual(whole);
    expect([input, input.feeTypes, input.transfers, almaFeeTypes].some(Object.isFrozen)).toBe(false);
    Object.assign(input.feeTypes as object, { FREE: { label: 'Free' } });
    Object.assign(input.feeTypes?.FINE as object, { label: 'Changed' });
    expect(policy).toEqual(definePolicy(whole));
  });

  it('accepts frozen input', () => {
    expect(definePolicy(Object.freeze({ currency: 'USD', feeTypes: Object.freeze({}) })).feeTypes).toEqual(
      {},
    );
  });

  it('accepts a policy that it returned, and returns an equal one', () => {
    for (const input of [whole, { currency: 'USD' }]) {
      const policy = definePolicy(input);
      expect(definePolicy(policy)).toEqual(policy);
    }
  });

  it('returns a policy that decides the same after a JSON round trip', () => {
    const policy = definePolicy({ currency: 'USD' });
    const command = {
      type: 'AssessFee',
      id: 'f1',
      feeType: 'OTHER',
      amount: '2.5',
      owner: 'MAIN',
      at,
    } as const;
    const decision = decide(command, emptyAccount(), policy);
    expect(decision.accepted).toBe(true);
    expect(decide(command, emptyAccount(), JSON.parse(JSON.stringify(policy)))).toEqual(decision);
  });
});

describe('definedPolicy', () => {
  it('returns a defined policy unchanged', () => {
    const policy = definePolicy(whole);
    expect(definedPolicy(policy)).toBe(policy);
  });

  it('defines a copy, and refuses an invalid policy', () => {
    const policy = definePolicy(whole);
    expect(definedPolicy(structuredClone(policy))).toEqual(policy);
    for (const input of [null, undefined, 'USD', {}]) {
      expect(() => definedPolicy(input as never)).toThrow(/^INVALID_POLICY/);
    }
  });
});

describe('feeTypeRule', () => {
  it('returns the rule of a type', () => {
    expect(feeTypeRule(definePolicy(whole), 'LOST')?.refundPercent).toBe(33.3);
  });

  it.each(['lost', '', 'constructor', '__proto__', 'toString'])('returns undefined for %j', (feeType) => {
    expect(feeTypeRule(definePolicy(whole), feeType)).toBeUndefined();
  });
});

it.each([
  [undefined, 'missing'],
  ['XXX', '"XXX"'],
  [7, 'number'],
])('names the currency %s once, before the other faults', (currency, found) => {
  expect(refusal({ currency, overpayment: 'keep' }).details.faults).toEqual([
    { path: 'currency', expected: 'an ISO 4217 code', found },
    expect.objectContaining({ path: 'overpayment' }),
  ]);
});
