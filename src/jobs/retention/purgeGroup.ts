import { fold } from '../../account/fold.js';
import { type EventStore, type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { hasOpenOnlinePayment } from '../../office/onlinePayments/openOnlinePayments.js';
import { groupAround } from '../../patron/accountsOf.js';
import type { NewestSeal } from '../../seals/sealBook.js';
import { type RetentionReason, type RetentionTerms, settledRows } from './settledRows.js';

/**
 * Why an account is kept: the reason of its first fee or credit that is kept; `OnlinePaymentOpen` if an online payment
 * of the account is not final; `JoinedAccountOpen` if another account of the same patron is kept. Once there are seals:
 * `NotSealed` if the newest seal does not cover the whole account, or something was open when it was sealed;
 * `SealDiffers` if the account differs from the seal.
 */
export type PurgeReason =
  | RetentionReason
  | 'OnlinePaymentOpen'
  | 'JoinedAccountOpen'
  | 'NotSealed'
  | 'SealDiffers';

/** An account of a patron, and why it is kept. */
export type PurgeMember = {
  readonly stream: StreamId;
  readonly version: number;
  readonly events: readonly RecordedEvent[];
  /** Null if it may be purged; then all accounts of the patron may. */
  readonly because: PurgeReason | null;
};

/**
 * Reads all accounts of a patron and decides on them together.
 *
 * @param office - the store of the office; without it, online payments are not known
 * @returns the accounts in the order in which they are to be purged: each before the one that it is merged into, so
 * that those that are left after an interruption are still linked; none for an account that is merged into another one,
 * since it is decided with that
 */
export async function purgeGroup(
  store: EventStore,
  stream: StreamId,
  terms: RetentionTerms,
  {
    office,
    newest = null,
  }: { readonly office?: OfficeStore | undefined; readonly newest?: NewestSeal | null } = {},
): Promise<readonly PurgeMember[]> {
  const { institution, patronId } = stream;
  const group = await groupAround(patronId, async (id) => {
    const member = { institution, patronId: id };
    const { version, events } = await store.read(member);
    const known = events.map(({ event }) => event);
    const account = fold(known, undefined, { stream: streamName(member) });
    return { patronId: id, stream: member, version, events, account };
  });
  if (group[0]?.patronId !== patronId) return [];
  const reasons = group.map(({ account, ...member }): PurgeReason | null | undefined => {
    const events = member.events.map(({ event }) => event);
    const { rowsOf, reasonOf } = settledRows({ patronId: member.patronId, account, events }, terms);
    return events
      .filter(({ type }) => type !== 'AccountPurged')
      .flatMap((event) => rowsOf(event).map(reasonOf))
      .find((because) => because !== null);
  });
  const isKept = () => reasons.some((because) => because !== undefined);
  if (office !== undefined && !isKept()) {
    for (const [index, member] of group.entries()) {
      if (await hasOpenOnlinePayment(office, member.stream)) reasons[index] = 'OnlinePaymentOpen';
    }
  }
  if (newest !== null && !isKept()) {
    for (const [index, { stream: member, events }] of group.entries()) {
      // What was purged before is not purged again.
      const isPurged = events.every(({ event }) => event.type === 'AccountPurged');
      if (!isPurged) reasons[index] = (await newest.reasonOf(member, events)) ?? undefined;
    }
  }
  const otherwise: PurgeReason | null = isKept() ? 'JoinedAccountOpen' : null;
  return group
    .map(({ stream, version, events }, index) => {
      return { stream, version, events, because: reasons[index] ?? otherwise };
    })
    .reverse();
}
