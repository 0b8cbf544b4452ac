import { digestOf } from '../account/digest.js';
import type { NamedStream } from '../history/eventStore.js';

/**
 * The kinds of streams of the office. The name of a stream is its kind, a colon, and the name of what it is about:
 * `till:CIRC`. These names are stored and never change.
 *
 * - `till`: a till; `bank`: an account at a bank; `online`: an online payment.
 * - `receipts`: a series of receipts, one event for each number; `patron`: the receipts of one patron.
 * - `remittances`: those of an external system, whose name may be empty.
 * - `seals`: the seals of the books; `policies`: the policies. Both have no name of their own.
 * - `closings`: the files of closed months. It has no name of its own either.
 * - `purges`: the purges of an account, once its events are sealed.
 * - `notices`: the notices that a patron was sent.
 * - `files`: the imports of a file, by the hash of its rows.
 * - `onlinePatron`: the online payments that were begun for a patron.
 * - `onlineKept`: a part of a report or a row of a payout that was refused.
 * - `providerRow`: a row of a payout that belongs to no payment.
 */
const streamKinds = [
  'till',
  'receipts',
  'patron',
  'remittances',
  'bank',
  'seals',
  'closings',
  'purges',
  'policies',
  'notices',
  'files',
  'online',
  'onlinePatron',
  'onlineKept',
  'providerRow',
] as const;

/** One of the kinds of streams of the office. */
export type StreamKind = (typeof streamKinds)[number];

/** Returns the stream of a kind that is about a till, a series, a patron, and so on. */
export function streamOfKind(institution: string, kind: StreamKind, name = ''): NamedStream {
  return { institution, stream: `${kind}:${name}` };
}

/** Returns the kind of a stream, and what it is about; null for a stream of a transaction. */
export function streamParts({ stream }: NamedStream): { kind: StreamKind; name: string } | null {
  const end = stream.indexOf(':');
  const kind = streamKinds.find((each) => each === stream.slice(0, end));
  return kind === undefined ? null : { kind, name: stream.slice(end + 1) };
}

/** Returns what a stream of a kind is about; null for a stream of another kind. */
export function nameOfKind(kind: StreamKind, { stream }: NamedStream): string | null {
  return stream.startsWith(`${kind}:`) ? stream.slice(kind.length + 1) : null;
}

/** The maximum length of the name of a transaction's stream, so that it and its prefix are the name of a stream. */
const TRANSACTION_NAME_LENGTH_MAX = 200;

/**
 * The stream of one transaction of a payment provider, a capture or a return: it has the event of the online payment
 * that the transaction belongs to. Those of several payment methods, or with long ids, share a stream.
 */
export function transactionStream(
  institution: string,
  kind: 'capture' | 'return',
  externalTransactionId: string,
): NamedStream {
  const isLong = externalTransactionId.length > TRANSACTION_NAME_LENGTH_MAX;
  const text = isLong ? `#${digestOf(externalTransactionId)}` : `:${externalTransactionId}`;
  return { institution, stream: kind + text };
}
