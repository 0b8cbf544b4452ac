import type { ObservableResult } from '@opentelemetry/api';
import type { CloudEvent, Outbox } from '../stores/feed/outbox.js';
import { linksTo } from './correlation.js';
import { type Instruments, measured } from './instruments.js';

/**
 * Reports how long the oldest event has waited in an outbox, read at each collection, until the returned function is
 * called.
 */
export function observedOutbox(name: string, outbox: Outbox, { outboxAge }: Instruments): () => void {
  const observe = async (result: ObservableResult): Promise<void> => {
    const [oldest] = await outbox.waiting(1);
    const age = oldest === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldest.event.time));
    result.observe(age / 1_000, { 'patron_fees.outbox': name });
  };
  outboxAge.addCallback(observe);
  return () => outboxAge.removeCallback(observe);
}

/**
 * Returns a function that sends events and reports each: its span links to that of the command that recorded the event.
 */
export function observedSend(
  name: string,
  send: (event: CloudEvent) => unknown,
  instruments: Instruments,
): (event: CloudEvent) => Promise<unknown> {
  const attributes = { 'patron_fees.outbox': name };
  return (event) => {
    const operation = { name: 'send', attributes, links: linksTo([{ event: event.data }]) } as const;
    return measured(instruments, operation, async () => send(event));
  };
}
