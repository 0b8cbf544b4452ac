import {
  followsCapture,
  isAfterSettled,
  type OnlinePart,
  onlineParts,
} from '../../office/onlinePayments/onlineParts.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { accountsOfPayment } from './enteredByStaff.js';
import { readAccount, unlessUnreadable } from './readAccount.js';
import { recordingPolicy } from './recordingPolicy.js';
import { decideFirst, none, planPart, unrecorded, type WaitingPart, type Waits } from './recordParts.js';

/**
 * Returns which parts of a payment wait and why, without recording anything. A part that could be recorded now does not
 * wait: the next run of the monitor records it.
 */
export async function waitingParts(
  context: OnlineContext,
  payment: OnlinePayment,
): Promise<readonly WaitingPart[]> {
  const parts = onlineParts(payment);
  const waiting: WaitingPart[] = [];
  for (const part of parts) {
    if (part.state !== 'waiting' || followsCapture(part, parts)) continue;
    const found = isAfterSettled(part, parts)
      ? ({ because: { type: 'AfterSettled' } } as const)
      : await whyItWaits(context, payment, part);
    if (found !== null) waiting.push({ ...unrecorded(part), currency: payment.currency, ...found });
  }
  return waiting;
}

async function whyItWaits(
  context: OnlineContext,
  payment: OnlinePayment,
  part: OnlinePart,
): Promise<Waits | null> {
  const { institution } = context;
  const { patronId } = part;
  const policy = recordingPolicy(context.policy, payment.method);
  const others = part.kind === 'return' ? await accountsOfPayment(context, payment, patronId) : none;
  const [unreadable] = others.unreadable;
  if (unreadable !== undefined) return { because: { type: 'OtherAccountUnreadable', patronId: unreadable } };
  const tried = await unlessUnreadable(async (): Promise<Waits | { readonly events: readonly unknown[] }> => {
    const { account } = await readAccount(context, { institution, patronId });
    const plan = planPart(payment, part, new Map([...others.accounts, [patronId, account]]), policy);
    return 'done' in plan ? { events: [] } : decideFirst(plan.choices, account, policy);
  });
  return 'because' in tried ? tried : null;
}
