import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Accrual } from '../../src/account/accrual.js';
import type { Credit } from '../../src/account/credit.js';
import type { Fee } from '../../src/account/fee.js';
import { violations } from '../../src/account/invariants.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import type { Payment, Refund } from '../../src/account/records.js';
import {
  accountOf,
  assessed,
  at,
  event,
  lost,
  paid,
  prepaid,
  reversedByCredit,
  transferred,
} from '../support/events.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyNaming, anyPolicy, moves, namingNamed, runMoves } from '../support/stories.js';

/** An account with fees of every kind, a payment, credits of three purposes, and a refund. */
const account = accountOf(
  assessed('f1', '10.00'),
  paid('p1', 'f1', '6.00'),
  lost('f2', '8.00'),
  event('LostItemCreditIssued', {
    creditId: 'c2',
    feeId: 'f2',
    amount: '3.00',
    cause: 'waived',
    purpose: 'setOff',
  }),
  assessed('f3', '5.00'),
  transferred('t1', 'f3', '5.00'),
  reversedByCredit('c3', 'f3', '2.00'),
  prepaid('p2', 'c1', '4.00'),
  event('CreditRefunded', { refundId: 'b1', creditId: 'c1', amount: '1.00', method: 'CASH' }),
);

/** The account with some figures of one row changed. */
function broken<List extends 'fees' | 'credits' | 'payments' | 'refunds'>(
  list: List,
  index: number,
  figures: Partial<{ fees: Fee; credits: Credit; payments: Payment; refunds: Refund }[List]>,
): PatronAccount {
  const rows = account[list].map((row, position) => (position === index ? { ...row, ...figures } : row));
  return { ...account, [list]: rows };
}

/** The broken invariants and their positions. */
function foundIn(input: PatronAccount) {
  return violations(input).map(({ invariant, id }) => [invariant, id]);
}

const [f1, f2, f3] = [0, 1, 2];
const [c2, c3, c1] = [0, 1, 2];
const naturalFee = 'no figure of a fee is negative';
const naturalCredit = 'no figure of a credit is negative';

describe('violations', () => {
  it('returns an empty list for an account built from events', () => {
    expect(violations(account)).toEqual([]);
    expect(violations(emptyAccount())).toEqual([]);
  });

  it(
    'finds none in any state of any story',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, anyNaming, (story, policy, naming) => {
          for (const { after } of runMoves(story, policy, namingNamed[naming]))
            expect(violations(after)).toEqual([]);
        }),
        seeded('no violations'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it.each([
    ['a negative figure', { original: -1 }],
    ['a fraction', { waived: 0.5 }],
    ['no number', { transferReversed: Number.NaN }],
    ['more than can be counted exactly', { givenBack: Number.MAX_SAFE_INTEGER + 1 }],
  ])('finds %s in a fee', (_name, figures) => {
    expect(foundIn(broken('fees', f1, figures))).toContainEqual([naturalFee, 'f1']);
  });

  it('finds a fee whose reductions exceed its amount', () => {
    expect(foundIn(broken('fees', f1, { waived: 401 }))).toContainEqual([
      'what remains is within the original amount',
      'f1',
    ]);
  });

  it('finds a fee whose remaining amount exceeds the charged one', () => {
    const settledByCredit = { setOff: 0, refundable: 0, external: 0, goodwill: -601 };
    expect(foundIn(broken('fees', f1, { settledByCredit }))).toContainEqual([
      'what remains is within the original amount',
      'f1',
    ]);
  });

  it('finds a reserved amount above the remaining one', () => {
    expect(foundIn(broken('fees', f2, { cancelled: 501 }))).toEqual([
      ['no more is reserved than remains', 'f2'],
    ]);
  });

  it('finds a reserved amount without a set-off credit', () => {
    expect(foundIn(broken('fees', f2, { reserved: 299 }))).toEqual([
      ['what is reserved is the unused set-off credits', 'f2'],
    ]);
    expect(foundIn(broken('credits', c2, { applied: 1 }))).toContainEqual([
      'what is reserved is the unused set-off credits',
      'f2',
    ]);
  });

  it('finds a pending amount above the transferred one, of fees and of credits', () => {
    expect(foundIn(broken('fees', f3, { transferPending: 501 }))).toEqual([
      ['no more is pending than was transferred', 'f3'],
    ]);
    expect(foundIn(broken('credits', c3, { transferPending: 1 }))).toEqual([
      ['no more is pending than was transferred', 'c3'],
    ]);
  });

  it('finds a reversed amount above the transferred one', () => {
    expect(foundIn(broken('fees', f3, { transferReversed: 501 }))).toEqual([
      ['no more is reversed than was transferred', 'f3'],
    ]);
  });

  it('finds waivers above the original amount, including those issued as credits', () => {
    expect(foundIn(broken('credits', c2, { amount: 801, applied: 501 }))).toEqual([
      ['waivers never exceed the original amount', 'f2'],
    ]);
    expect(foundIn(broken('credits', c2, { amount: 801, cancelled: 1, applied: 500 }))).toEqual([]);
  });

  it.each([
    ['a negative figure', { applied: -1 }],
    ['more used than there is', { cancelled: 301 }],
    ['a fraction', { transferPending: 0.5 }],
  ])('finds %s in a credit', (_name, figures) => {
    expect(foundIn(broken('credits', c2, figures))).toContainEqual([naturalCredit, 'c2']);
  });

  it.each(['refunded', 'withdrawn'] as const)('finds %s amounts of a credit that is not money', (figure) => {
    expect(foundIn(broken('credits', c3, { [figure]: 1 }))).toEqual([
      ['only refundable credits are refunded or withdrawn', 'c3'],
    ]);
  });

  it('finds a payment that differs from the sum of its parts', () => {
    const overpayment = { creditId: 'c1', amount: 401, reversed: 0 };
    expect(foundIn(broken('payments', 1, { overpayment }))).toEqual([
      ['a payment is its allocations and its overpayment', 'p2'],
    ]);
  });

  it('finds a payment reversed beyond its amount', () => {
    const allocations = [{ feeId: 'f1', amount: 600, reversed: 601 }];
    expect(foundIn(broken('payments', 0, { allocations }))).toContainEqual([
      'no more is reversed than was paid',
      'p1',
    ]);
  });

  it('finds a paid amount without a payment', () => {
    expect(foundIn(broken('fees', f1, { paid: 601, givenBack: 1 }))).toEqual([
      ['fees are paid by the allocations that are not reversed', null],
    ]);
  });

  it.each([
    ['a refund that cost no credit', broken('credits', c1, { refunded: 0 })],
    ['a refund that nobody took back', broken('refunds', 0, { reversed: true })],
    ['money that came from nowhere', broken('credits', c1, { amount: 401 })],
    ['money given back that nobody has', broken('fees', f1, { givenBack: 1 })],
    [
      'a cancelled credit of a fee that still counts as given back',
      broken('credits', c1, { feeId: 'f1', cancelled: 1 }),
    ],
  ])('finds %s', (_name, input) => {
    expect(foundIn(input)).toEqual([['the money equation', null]]);
  });

  it.each(['imported', 'settlement'] as const)('counts an %s credit as incoming money', (cause) => {
    const credit = event('CreditIssued', { creditId: 'c1', amount: '4.00', cause, purpose: 'refundable' });
    const [row] = accountOf(credit).credits as [Credit];
    expect(violations(accountOf(credit))).toEqual([]);
    expect(foundIn({ ...accountOf(credit), credits: [{ ...row, cause: 'overpayment' }] })).toEqual([
      ['the money equation', null],
    ]);
  });

  it('finds a balance that differs from the sum of its rows', () => {
    const overused = broken('credits', c3, { applied: 201 });
    expect(foundIn(overused)).toEqual([
      [naturalCredit, 'c3'],
      ['balances are the sums of their rows', null],
    ]);
  });

  it.each<[string, PatronAccount, object]>([
    [
      'no more is pending than was transferred',
      broken('fees', f3, { transferPending: 501 }),
      { transferPending: 501, transferred: 500 },
    ],
    [naturalFee, broken('fees', f1, { original: -1 }), { original: -1 }],
    [
      'what remains is within the original amount',
      broken('fees', f1, { waived: 401 }),
      { left: -1, original: 1000 },
    ],
    [
      'no more is reserved than remains',
      broken('fees', f2, { cancelled: 501 }),
      { reserved: 300, left: 299 },
    ],
    [
      'what is reserved is the unused set-off credits',
      broken('fees', f2, { reserved: 299 }),
      { reserved: 299 },
    ],
    [
      'no more is reversed than was transferred',
      broken('fees', f3, { transferReversed: 501 }),
      { transferReversed: 501, transferred: 500 },
    ],
    [
      'waivers never exceed the original amount',
      broken('credits', c2, { amount: 801, applied: 501 }),
      { waivers: 801, original: 800 },
    ],
    [
      'fees are paid by the allocations that are not reversed',
      broken('fees', f1, { paid: 601, givenBack: 1 }),
      { kept: 600, paid: 601 },
    ],
    [
      'the money equation',
      broken('credits', c1, { amount: 401 }),
      { moneyReceived: 1000, moneyAccountedFor: 1001 },
    ],
    ['balances are the sums of their rows', broken('credits', c3, { applied: 201 }), { active: 601 }],
  ])('returns the figures with its finding: %s', (invariant, input, figures) => {
    expect(violations(input)).toContainEqual(
      expect.objectContaining({ invariant, figures: expect.objectContaining(figures) }),
    );
  });

  it('finds waivers above the original amount when credits reverse a transferred amount', () => {
    const twice = broken('credits', c3, { amount: 501, applied: 301 });
    expect(foundIn(twice)).toContainEqual(['waivers never exceed the original amount', 'f3']);
  });

  describe('of a fine that grows', () => {
    const growing = accountOf(assessed('f1', '10.00', { accruing: true }));
    const [fine] = growing.fees as [Fee];
    const finesFound = (accrual: Partial<Accrual>, more: Partial<Fee> = {}) => {
      const changed = { ...fine, accrual: { ...(fine.accrual as Accrual), ...accrual }, ...more };
      return violations({ ...growing, fees: [changed] });
    };
    const ended = { total: 400, endedAt: at, endCause: 'returned' } as const;

    it('finds none while it grows, or after it has ended', () => {
      expect(finesFound({})).toEqual([]);
      expect(finesFound(ended)).toEqual([]);
    });

    it.each([
      ['more charged than the original amount', { accrued: 1001 }, 1001],
      ['a negative charge', { accrued: -1 }, -1],
      ['a fraction of a cent', { accrued: 0.5 }, 0.5],
      ['a negative final total', { ...ended, total: -1 }, 1000],
    ])('finds %s', (_name, accrual, accrued) => {
      expect(finesFound(accrual)).toEqual([
        {
          invariant: 'what accrual has charged is within the original amount',
          id: 'f1',
          figures: { accrued, original: 1000 },
        },
      ]);
    });

    it.each([
      ['a final total without an end', { total: 400 }],
      ['a cause without an end', { endCause: 'returned' } as const],
      ['an end without a final total', { ...ended, total: null }],
      ['an end without a cause', { ...ended, endCause: null }],
    ])('finds %s', (_name, accrual) => {
      expect(finesFound(accrual)).toEqual([
        {
          invariant: 'a fine has a final total when it has ended',
          id: 'f1',
          figures: { accrued: 1000 },
        },
      ]);
    });

    it('finds a lost-item fee that grows', () => {
      expect(finesFound({}, { lostItem: true })).toEqual([
        { invariant: 'a lost-item fee does not grow', id: 'f1', figures: { accrued: 1000 } },
      ]);
    });
  });

  it('finds the same money refunded and withdrawn', () => {
    expect(foundIn(broken('credits', c3, { refunded: 1, withdrawn: 1 }))).toContainEqual([
      'only refundable credits are refunded or withdrawn',
      'c3',
    ]);
  });
});
