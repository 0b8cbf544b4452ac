import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../src/input/faults.js';
import { policySchema } from '../../src/policy/policySchema.js';
import { hostileAmounts } from '../support/hostile.js';

/** The faults of a policy in dollars. */
function faultsIn(policy: object) {
  const schema = policySchema(2);
  return faultsOf(v.safeParse(schema, { currency: 'USD', ...policy }).issues ?? [], schema);
}

function pathsIn(policy: object): string[] {
  return faultsIn(policy).map(({ path }) => path);
}

const feeTypes = { OTHER: { label: 'Other' } };

describe('policySchema', () => {
  it('completes defaults', () => {
    const policy = v.parse(policySchema(2), {
      currency: 'USD',
      feeTypes: { LOST: { label: 'Lost', lostItem: true } },
      transfers: { fees: { minimumAmount: '5' } },
      blockLimits: { student: [{ amount: '10' }] },
    });
    expect(policy.feeTypes).toEqual({
      LOST: { label: 'Lost', manual: true, waiveable: true, lostItem: true, refundPercent: 0 },
    });
    expect(policy.transfers).toEqual({
      expectsSettlement: false,
      fees: { minimumAmount: '5.00' },
      credits: {},
    });
    expect(policy.blockLimits).toEqual({
      student: [
        { amount: '10.00', limitItselfBlocks: false, excludedFeeTypes: [], excusesPaymentPlans: false },
      ],
    });
  });

  it.each([0, 100, 33.3, 0.000001, 99.999])(
    'accepts a lost-item type that refunds %d percent',
    (refundPercent) => {
      expect(pathsIn({ feeTypes: { LOST: { label: 'Lost', lostItem: true, refundPercent } } })).toEqual([]);
    },
  );

  it.each([-0.001, 100.001, Number.NaN, Number.POSITIVE_INFINITY, '50', 50n, null])(
    'refuses a type that refunds %s percent',
    (refundPercent) => {
      expect(pathsIn({ feeTypes: { LOST: { label: 'Lost', lostItem: true, refundPercent } } })).toEqual([
        'feeTypes.LOST.refundPercent',
      ]);
    },
  );

  it.each([0, 100, 7, 7.7, 5.125, 99.999])('accepts a type with %d percent of tax', (vatPercent) => {
    expect(pathsIn({ feeTypes: { OTHER: { label: 'Other', vatPercent } } })).toEqual([]);
  });

  it.each([-0.001, -7, 100.001, 101, 1.0005, 1e-7, 1e21, Number.NaN, '7', null])(
    'refuses a type with %s percent of tax',
    (vatPercent) => {
      expect(pathsIn({ feeTypes: { OTHER: { label: 'Other', vatPercent } } })).toEqual([
        'feeTypes.OTHER.vatPercent',
      ]);
    },
  );

  it('says which percentages of tax, and which reasons, it accepts', () => {
    const feeType = { label: 'Other', vatPercent: 1.0005 };
    expect(faultsIn({ feeTypes: { OTHER: feeType } })).toMatchObject([
      { expected: 'a percentage from 0 to 100 with at most 3 decimals' },
    ]);
    expect(faultsIn({ waiveReasons: { KIND: 1 } })).toMatchObject([
      {
        path: 'waiveReasons.KIND',
        expected: 'a label, or an object with a label and a kind (waiver, writeOff)',
      },
    ]);
  });

  it('gives a reason without a kind the kind waiver', () => {
    const waiveReasons = {
      KIND: { label: 'Kindness' },
      OLD: 'Too old',
      BAD: { label: 'Bad', kind: 'writeOff' },
    };
    expect(v.parse(policySchema(2), { currency: 'USD', waiveReasons }).waiveReasons).toEqual({
      KIND: { label: 'Kindness', kind: 'waiver' },
      OLD: { label: 'Too old', kind: 'waiver' },
      BAD: { label: 'Bad', kind: 'writeOff' },
    });
  });

  it.each([
    ['a label', { paymentMethods: { CASH: '' } }],
    [
      'a percentage from 0 to 100',
      { feeTypes: { LOST: { label: 'Lost', lostItem: true, refundPercent: 101 } } },
    ],
    ['a number of days, 0 or more', { transfers: { fees: { minimumAgeDays: -1 } } }],
  ])('says that it expected %s', (expected, policy) => {
    expect(faultsIn(policy)).toEqual([expect.objectContaining({ expected })]);
  });

  it('accepts a minimum age of 0 days', () => {
    expect(pathsIn({ transfers: { fees: { minimumAgeDays: 0 } } })).toEqual([]);
  });

  it('refuses a refund percentage for a type that is not for lost items', () => {
    expect(faultsIn({ feeTypes: { FINE: { label: 'Fine', refundPercent: 50 } } })).toEqual([
      {
        path: 'feeTypes.FINE.refundPercent',
        expected: '0 for a type that is not for lost items',
        found: '50',
      },
    ]);
  });

  it.each(['toString', 'valueOf', '17', 'a.b', '😀', ' ', 'x'.repeat(200)])('accepts the code %j', (code) => {
    const rule = { label: 'Strange', manual: true, waiveable: true, lostItem: false, refundPercent: 0 };
    const policy = v.parse(policySchema(2), { currency: 'USD', feeTypes: { [code]: { label: 'Strange' } } });
    expect(Object.entries(policy.feeTypes)).toEqual([[code, rule]]);
  });

  it.each(['', 'x'.repeat(201), 'a\u0000'])('refuses the code %j', (code) => {
    const faults = faultsIn({ paymentMethods: { [code]: 'Strange' } });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.expected).toBe('a code of 1 to 200 characters without U+0000');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the code %s and names the table', (code) => {
    const table: unknown = JSON.parse(`{ "${code}": "Strange" }`);
    const tables = [
      'feeTypes',
      'paymentMethods',
      'waiveReasons',
      'creditReasons',
      'destinations',
      'blockLimits',
    ];
    for (const name of tables) {
      expect(faultsIn({ [name]: table })[0]).toMatchObject({
        path: name,
        expected: 'a table by code (__proto__, constructor, prototype cannot be codes)',
      });
    }
  });

  it.each([
    ['feeTypes', { feeTypes: [] }],
    ['feeTypes', { feeTypes: new Map() }],
    ['feeTypes.OTHER', { feeTypes: { OTHER: 'Other' } }],
    ['feeTypes.OTHER.label', { feeTypes: { OTHER: {} } }],
    ['feeTypes.OTHER.label', { feeTypes: { OTHER: { label: '' } } }],
    ['feeTypes.OTHER.manual', { feeTypes: { OTHER: { label: 'Other', manual: 'yes' } } }],
    ['feeTypes.OTHER.retired', { feeTypes: { OTHER: { label: 'Other', retired: undefined } } }],
    ['feeTypes.OTHER.colour', { feeTypes: { OTHER: { label: 'Other', colour: 'red' } } }],
    ['paymentMethods.CASH', { paymentMethods: { CASH: 5 } }],
    ['waiveReasons.OTHER', { waiveReasons: { OTHER: '' } }],
    ['creditReasons', { creditReasons: null }],
    ['destinations', { destinations: 'BURSAR' }],
    ['bankReasons.FEE', { bankReasons: { FEE: '' } }],
    ['overpayment', { overpayment: 'keep' }],
    ['paymentOrder', { paymentOrder: 'random' }],
    ['unpaidOnReturn', { unpaidOnReturn: 'none' }],
    ['transfers', { transfers: [] }],
    ['transfers.expectsSettlement', { transfers: { expectsSettlement: 1 } }],
    ['transfers.fees', { transfers: { fees: [] } }],
    ['transfers.fees.minimumAmount', { transfers: { fees: { minimumAmount: '0' } } }],
    ['transfers.credits.minimumAgeDays', { transfers: { credits: { minimumAgeDays: -1 } } }],
    ['transfers.fees.minimumAgeDays', { transfers: { fees: { minimumAgeDays: Number.POSITIVE_INFINITY } } }],
    ['transfers.credits.maximumAmount', { transfers: { credits: { maximumAmount: '5' } } }],
    ['blockLimits.student', { blockLimits: { student: { amount: '10' } } }],
    ['blockLimits.student[1].amount', { blockLimits: { student: [{ amount: '10' }, { amount: '1.005' }] } }],
    ['blockLimits.student[0].amount', { blockLimits: { student: [{}] } }],
    [
      'blockLimits.student[0].limitItselfBlocks',
      { blockLimits: { student: [{ amount: '1', limitItselfBlocks: 0 }] } },
    ],
    ['unknown', { unknown: 1 }],
    ['constructor', JSON.parse('{ "constructor": 1 }')],
    ['__proto__', JSON.parse('{ "__proto__": 1 }')],
  ])('names %s when it is wrong', (path, policy) => {
    // A computed key, since a spread literal would take "__proto__" for the prototype.
    const schema = policySchema(2);
    const { issues = [] } = v.safeParse(schema, Object.assign(policy, { currency: 'USD' }));
    expect(faultsOf(issues, schema)).toEqual([expect.objectContaining({ path })]);
  });

  it('lists the allowed words of an option', () => {
    const orders = 'one of oldest-first, newest-first, largest-first, smallest-first, proportional, evenly';
    expect(faultsIn({ paymentOrder: 'oldest', overpayment: 'keep', unpaidOnReturn: 'none' })).toEqual([
      { path: 'overpayment', expected: 'one of refuse, credit', found: '"keep"' },
      { path: 'paymentOrder', expected: orders, found: '"oldest"' },
      { path: 'unpaidOnReturn', expected: 'one of percent, all', found: '"none"' },
    ]);
  });

  it('says what a missing field was expected to be', () => {
    expect(faultsIn({ feeTypes: { OTHER: {} }, blockLimits: { student: [{}] } })).toEqual([
      { path: 'feeTypes.OTHER.label', expected: 'a label', found: 'missing' },
      {
        path: 'blockLimits.student[0].amount',
        expected: expect.stringMatching(/^0, or a positive decimal string/),
        found: 'missing',
      },
    ]);
  });

  it.each(hostileAmounts.filter(({ amount }) => amount !== undefined))(
    'refuses the hostile amount $name as a limit and as a minimum',
    ({ amount }) => {
      const blockLimits = { student: [{ amount }] };
      expect(pathsIn({ blockLimits, transfers: { fees: { minimumAmount: amount } } })).toEqual([
        'transfers.fees.minimumAmount',
        'blockLimits.student[0].amount',
      ]);
    },
  );

  it.each(['0', '0.00'])('accepts %j as a limit but not as a minimum', (amount) => {
    const blockLimits = { student: [{ amount }] };
    const { output } = v.safeParse(policySchema(2), { currency: 'USD', blockLimits });
    expect(output).toMatchObject({
      blockLimits: { student: [{ amount: '0.00', limitItselfBlocks: false }] },
    });
    expect(pathsIn({ transfers: { fees: { minimumAmount: amount } } })).toEqual([
      'transfers.fees.minimumAmount',
    ]);
  });

  it('lists every limit that excludes an unknown fee type', () => {
    const limit = (...excludedFeeTypes: string[]) => ({ amount: '10', excludedFeeTypes });
    const blockLimits = {
      student: [limit('OTHER'), limit('OTHER', 'GONE')],
      staff: [limit('toString'), limit()],
    };
    expect(faultsIn({ feeTypes, blockLimits })).toEqual([
      {
        path: 'blockLimits.student[1].excludedFeeTypes',
        expected: 'only fee types of this policy',
        found: '"GONE"',
      },
      {
        path: 'blockLimits.staff[0].excludedFeeTypes',
        expected: 'only fee types of this policy',
        found: '"toString"',
      },
    ]);
  });
});

describe('the faults of a policy', () => {
  it('say which types may have an accrual limit', () => {
    const types = { ...feeTypes, LOST: { label: 'Lost', lostItem: true } };
    const limits = { OTHER: '10', LOST: '20', NEW: '30' };
    expect(faultsIn({ feeTypes: types, accrualLimits: limits })).toEqual([
      { path: 'accrualLimits.LOST', expected: 'a fee type that is not for lost items', found: '"LOST"' },
      { path: 'accrualLimits.NEW', expected: 'a fee type of this policy', found: '"NEW"' },
    ]);
    expect(faultsIn({ feeTypes, accrualLimits: { OTHER: '10' } })).toEqual([]);
  });

  it('say that a command cannot be permitted', () => {
    expect(faultsIn({ permissions: { WaiveFee: {} } })).toEqual([
      { path: 'permissions.WaiveFee', expected: 'a command that can be permitted', found: '"WaiveFee"' },
    ]);
  });
});
