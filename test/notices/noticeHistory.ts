import { execute, memoryEventStore } from '../../src/history/index.js';
import {
  type Command,
  definePolicy,
  type FeePolicyInput,
  type NoticesInput,
  noticeKinds,
} from '../../src/index.js';
import { type NoticeOptions, noticesOf } from '../../src/jobs/index.js';
import { ask } from '../support/account.js';

export const patron = { institution: 'north', patronId: 'dverma' };
export const from = '2026-03-01T00:00:00Z';
export const on = '2026-03-02';

/** Returns a policy that tells everything. */
export function telling(notices: Partial<NoticesInput> = {}, more: Partial<FeePolicyInput> = {}) {
  const kinds = noticeKinds.filter((kind) => kind !== 'owed');
  return definePolicy({
    currency: 'USD',
    overpayment: 'credit',
    feeTypes: {
      FINE: { label: 'Fine' },
      LOST: { label: 'Lost item', lostItem: true, refundPercent: 100 },
    },
    blockLimits: { '*': [{ amount: '1000.00' }] },
    ...more,
    notices: { from, rules: [{ kinds }], ...notices },
  });
}

/** The policy that tells everything. */
export const policy = telling();

/** A store that records each list of commands a second after the one before. */
export async function historyOf(
  policy: ReturnType<typeof telling>,
  ...lists: readonly (readonly Command[])[]
) {
  let second = 0;
  const now = () => `2026-03-02T09:00:${String(second).padStart(2, '0')}Z`;
  const store = memoryEventStore({ now });
  for (const commands of lists) {
    second += 1;
    const { decision } = await execute(store, policy, patron, commands);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  }
  return (await store.read(patron)).events;
}

/** Returns the notices of lists of commands, each recorded together. */
export async function told(
  policy: ReturnType<typeof telling>,
  lists: readonly (readonly Command[])[],
  more: Partial<NoticeOptions> = {},
) {
  const events = await historyOf(policy, ...lists);
  return noticesOf(events, policy, { ...patron, group: 'STUDENT', on, ...more });
}

export const fee = (id: string, amount: string, more: object = {}) =>
  ask('AssessFee', id, { feeType: 'FINE', amount, owner: 'MAIN', ...more });
export const lost = (id: string, amount: string) =>
  ask('AssessFee', id, { feeType: 'LOST', amount, owner: 'MAIN', loanId: 'loan' });
export const pay = (id: string, amount: string) => ask('ReceivePayment', id, { amount, method: 'CASH' });
export const plan = ask('AgreePaymentPlan', 'n1', {
  feeIds: ['f1'],
  instalments: [
    { dueOn: '2026-04-01', amount: '5' },
    { dueOn: '2026-05-01', amount: '5' },
  ],
});

/** Returns the kind, amount and fees of each notice of lists of commands, each recorded together. */
export async function short(...lists: readonly (readonly Command[])[]) {
  return (await told(policy, lists)).map(({ kind, amount, fees }) => [
    kind,
    amount,
    ...fees.map((one) => `${one.feeId} ${one.amount} ${one.owed}`),
  ]);
}
