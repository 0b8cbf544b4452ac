import { describe, expect, it } from 'vitest';
import {
  type Fee,
  feeStatus,
  moneyIn,
  owed,
  refundableMoney,
  remaining,
  transferredAndNotReversed,
} from '../../src/account/fee.js';
import { accountOf, assessed, event, lost, transferred } from '../support/events.js';

const [fresh] = accountOf(assessed('f1', '100.00')).fees as [Fee];

/** A fee of a hundred dollars with some other figures. */
function feeWith(figures: Partial<Fee>): Fee {
  return { ...fresh, ...figures };
}

const settledByCredit = { setOff: 100, refundable: 200, external: 300, goodwill: 400 };

describe('remaining', () => {
  it('is the original amount less every reduction', () => {
    expect(remaining(fresh)).toBe(10_000);
    expect(
      remaining(feeWith({ paid: 1000, waived: 2000, settledByCredit, transferred: 500, cancelled: 50 })),
    ).toBe(10_000 - 1000 - 2000 - 1000 - 500 - 50);
  });
});

describe('owed', () => {
  it('is the remaining amount less the reserved one', () => {
    expect(owed(feeWith({ paid: 1000, reserved: 400 }))).toBe(8600);
  });
});

describe('moneyIn', () => {
  it('is the paid amount plus uses of refundable credits', () => {
    expect(moneyIn(feeWith({ paid: 1000, settledByCredit, waived: 50 }))).toBe(1200);
  });
});

describe('refundableMoney', () => {
  it('is the paid amount less the amount given back', () => {
    expect(refundableMoney(feeWith({ paid: 1000, settledByCredit, givenBack: 300 }))).toBe(900);
  });

  it('is zero, not negative, if a payment bounced after it was given back', () => {
    expect(refundableMoney(feeWith({ paid: 0, givenBack: 300 }))).toBe(0);
  });
});

describe('transferredAndNotReversed', () => {
  it('is the transferred amount less the part reversed by external credits', () => {
    expect(transferredAndNotReversed(feeWith({ transferred: 1000, transferReversed: 300 }))).toBe(700);
  });
});

describe('feeStatus', () => {
  it.each([
    ['active', {}],
    ['active', { paid: 9999 }],
    ['active', { transferred: 500, transferPending: 500 }],
    ['active', { reserved: 10_000 }],
    ['disputed', { disputed: true }],
    ['transferred', { transferred: 10_000, transferPending: 1 }],
    ['transferred', { transferred: 10_000, transferPending: 1, disputed: true }],
    ['closed', { transferred: 10_000 }],
    ['closed', { paid: 10_000 }],
    ['closed', { paid: 10_000, disputed: true }],
  ] as const)('is %s with %o', (status, figures) => {
    expect(feeStatus(feeWith(figures))).toBe(status);
  });

  it('is disputed again if the closing of a disputed fee is undone', () => {
    const closing = [
      assessed('f1', '10.00'),
      event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' }),
      transferred('t1', 'f1', '10.00'),
    ];
    const recalled = event('TransferRecalled', { recallId: 'r1', transferId: 't1', amount: '10.00' });
    const statuses = [accountOf(...closing), accountOf(...closing, recalled)].map(({ fees: [fee] }) =>
      feeStatus(fee as Fee),
    );
    expect(statuses).toEqual(['transferred', 'disputed']);
  });
});

describe('a lost-item fee that is waived', () => {
  it('is no longer owed although its remaining amount is unchanged', () => {
    const waived = event('LostItemCreditIssued', {
      creditId: 'c1',
      feeId: 'f1',
      amount: '10.00',
      cause: 'waived',
      purpose: 'setOff',
    });
    const [fee] = accountOf(lost('f1', '10.00'), waived).fees as [Fee];
    expect([remaining(fee), owed(fee), feeStatus(fee)]).toEqual([1000, 0, 'active']);
  });
});
