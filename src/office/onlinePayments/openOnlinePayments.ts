import type { StreamId } from '../../history/eventStore.js';
import type { OfficeStore } from '../officeEvents.js';
import { foldedStream } from '../officeStream.js';
import { streamOfKind } from '../streamKinds.js';
import { foldOnlinePayment } from './foldOnlinePayment.js';
import { unrecordedParts } from './onlineParts.js';
import type { OnlinePaymentEvent, OnlinePaymentStarted } from './onlinePaymentEvents.js';

/**
 * Returns whether an online payment names the account and is not final: money may still come for it, or its account has
 * not recorded what came.
 */
export async function hasOpenOnlinePayment(
  office: Pick<OfficeStore, 'read'>,
  account: StreamId,
): Promise<boolean> {
  const { events } = await office.read(streamOfKind(account.institution, 'onlinePatron', account.patronId));
  for (const { event } of events) {
    const { onlinePaymentId } = (event as OnlinePaymentStarted).data;
    const stream = streamOfKind(account.institution, 'online', onlinePaymentId);
    const recorded = (await office.read(stream)).events.map((one) => one.event as OnlinePaymentEvent);
    const payment = foldedStream(stream, () => foldOnlinePayment(recorded));
    if (payment?.ended?.final !== true || unrecordedParts(payment).length > 0) return true;
  }
  return false;
}
