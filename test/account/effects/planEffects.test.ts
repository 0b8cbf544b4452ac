import { describe, expect, it } from 'vitest';
import { assessed, changesBy, event, paid } from '../../support/events.js';

const fee = assessed('f1', '10.00');
const agreed = event('PaymentPlanAgreed', {
  planId: 'n1',
  feeIds: ['f1'],
  instalments: [
    { dueOn: '2026-04-01', amount: '4.00' },
    { dueOn: '2026-05-01', amount: '6.00' },
  ],
  comment: 'by phone',
});

describe('PaymentPlanAgreed', () => {
  it('adds a plan and puts its fees in it', () => {
    expect(changesBy([fee], agreed)).toEqual({
      'f1.planId': 'n1',
      'f1.transactions': ['planAgreed n1 0'],
      paymentPlans: [
        {
          planId: 'n1',
          feeIds: ['f1'],
          instalments: [
            { dueOn: '2026-04-01', amount: 400 },
            { dueOn: '2026-05-01', amount: 600 },
          ],
          agreedAt: '2026-03-02T09:00:00Z',
          comment: 'by phone',
          endedAt: null,
          endCause: null,
        },
      ],
    });
  });
});

describe('PaymentPlanEnded', () => {
  it('ends a plan and takes its fees out of it', () => {
    const ended = event('PaymentPlanEnded', { planId: 'n1', cause: 'cancelled', at: '2026-03-09T09:00:00Z' });
    expect(changesBy([fee, agreed, paid('p1', 'f1', '1.00')], ended)).toEqual({
      'f1.planId': null,
      'f1.transactions': ['planEnded n1 0 cancelled'],
      'n1.endedAt': '2026-03-09T09:00:00Z',
      'n1.endCause': 'cancelled',
    });
  });
});
