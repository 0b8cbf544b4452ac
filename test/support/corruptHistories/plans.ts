import type { AccountEvent } from '../../../src/account/events/accountEvent.js';
import { assessed, event, paid } from '../events.js';
import { corrupt, disputed, ended, fee, fine, other } from './corruptHistory.js';

/** Returns the event of a plan for the fee of ten dollars, in two instalments. */
function agreed(more: Partial<ReturnType<typeof plan>['data']> = {}): AccountEvent {
  const { data } = plan();
  return event('PaymentPlanAgreed', { ...data, ...more });
}

function plan() {
  return event('PaymentPlanAgreed', {
    planId: 'n1',
    feeIds: ['f1'],
    instalments: [
      { dueOn: '2026-04-01', amount: '4.00' },
      { dueOn: '2026-05-01', amount: '6.00' },
    ],
  });
}

const planEnded = (cause: string | undefined, planId = 'n1') =>
  event('PaymentPlanEnded', { planId, cause: cause as 'cancelled' });

const dated = (...dates: readonly unknown[]) =>
  agreed({ instalments: dates.map((dueOn) => ({ dueOn: dueOn as string, amount: '5.00' })) });

const fit = 'fees with something owed, not disputed, not growing, and in no other plan';

/** Events of payment plans that cannot follow a history. */
export const plans = {
  UnknownPaymentPlan: [
    corrupt(
      'the end of a missing plan',
      [fee],
      planEnded('cancelled'),
      'a payment plan of this account',
      'n1',
    ),
    corrupt(
      'the id of a fee instead of a plan',
      [fee],
      planEnded('cancelled', 'f1'),
      'a payment plan of this account',
      'f1',
    ),
  ],
  PaymentPlanNotRunning: [
    [fee, agreed(), planEnded('cancelled')],
    [fee, agreed(), paid('p1', 'f1', '10.00')],
  ].map((history) =>
    corrupt(
      'the end of a plan that does not run',
      history,
      planEnded('defaulted'),
      'a plan on whose fees something is owed',
      'n1',
    ),
  ),
  NotForPaymentPlan: [
    corrupt('a plan for no fee', [fee], agreed({ feeIds: [], instalments: [] }), 'at least one fee', 'none'),
    corrupt('a plan for a disputed fee', [fee, disputed], agreed(), fit, 'f1'),
    corrupt('a plan for a growing fine', [fine], agreed(), fit, 'f1'),
    corrupt('a plan for a paid fee', [fee, paid('p1', 'f1', '10.00')], agreed(), fit, 'f1'),
    corrupt('a second plan for a fee', [fee, agreed()], agreed({ planId: 'n2' }), fit, 'f1'),
    corrupt(
      'a second plan for the last of three fees',
      [other, assessed('f3', '2.00'), fee, agreed()],
      agreed({ planId: 'n2', feeIds: ['f2', 'f3', 'f1'] }),
      fit,
      'f1',
    ),
  ],
  InvalidInstalments: [
    ...['2026-02-29', '1 April 2026', '', undefined, 17, null].map((day) =>
      corrupt(`an instalment due on ${String(day)}`, [fee], dated(day), 'dates in ascending order', day),
    ),
    ...['2026-04-01', '2026-03-31'].map((day) =>
      corrupt(
        `an instalment due on ${day} after one of 1 April`,
        [fee],
        dated('2026-04-01', day),
        'dates in ascending order',
        day,
      ),
    ),
  ],
  InvalidPlanEnd: [undefined, 'fulfilled', 'running', ''].map((cause) =>
    corrupt(`a plan ended as ${cause}`, [fee, agreed()], planEnded(cause), 'cancelled or defaulted', cause),
  ),
  AmountsDoNotAddUp: [
    corrupt(
      'instalments that do not add up',
      [fine, ended()],
      agreed({ instalments: [{ dueOn: '2026-04-01', amount: '9.99' }] }),
      1000,
      999,
    ),
  ],
  NamedTwice: [
    corrupt('a plan that names a fee twice', [fee], agreed({ feeIds: ['f1', 'f1'] }), 'each name once', 'f1'),
  ],
};
