import { describe, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { fold } from '../../../src/index.js';
import { changed, emitting, failureOf } from './mutants.js';

describe('law 12, payment plans', () => {
  it('catches a plan that charges something', async () => {
    const decide = emitting('PaymentPlanAgreed', (event) => {
      const { at, currency } = event.data as { at: string; currency: string };
      const data = {
        feeId: 'plan fee',
        feeType: 'OTHER',
        amount: currency === 'JPY' ? '1' : '1.00',
        currency,
        owner: 'MAIN',
        at,
      };
      return [event, { type: 'FeeAssessed', data }];
    });
    await failureOf([12, 'agreeing and ending a plan change no balance and no fee'], { decide });
  });

  it('catches a reducer that forgets the fees of a plan', async () => {
    await failureOf([12, 'a fee in a running plan is never transferred, and never in two plans'], {
      fold: (events, account) => {
        const folded = fold(events, account);
        return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, planId: null })) };
      },
    });
  });

  it("catches a plan that is ended for a reason other than the command's", async () => {
    const decide = emitting('PaymentPlanEnded', (event) => [changed(event, { cause: 'defaulted' })]);
    const fulfilled = (events: Iterable<AccountEvent>, account?: Parameters<typeof fold>[1]) => {
      const folded = fold(events, account);
      return { ...folded, paymentPlans: folded.paymentPlans.map((plan) => ({ ...plan, endCause: null })) };
    };
    await failureOf([12, 'a plan is fulfilled exactly when'], { decide, fold: fulfilled });
  });

  it('catches instalments in the wrong order', async () => {
    await failureOf([12, 'what a patron is behind by grows with the day'], {
      fold: (events, account) => {
        const folded = fold(events, account);
        return {
          ...folded,
          paymentPlans: folded.paymentPlans.map((plan) => ({
            ...plan,
            instalments: plan.instalments.map(({ amount }) => ({ amount, dueOn: '2027-01-01' })),
          })),
        };
      },
    });
  });
});
