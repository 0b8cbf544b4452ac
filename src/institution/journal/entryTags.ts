import type { WrittenEntry } from './ledgerText.js';
import { plainText } from './plainText.js';

/**
 * What both formats say of an entry, by name: whose it is, and where it stands in the stream of that patron, so that an
 * entry is the same one in every export. Never a title or a comment: what is erased from events must not live on in
 * books.
 */
export function entryTags({
  patronId,
  version,
  event,
}: WrittenEntry): readonly (readonly [string, string])[] {
  const { data, metadata } = event;
  const reference = ('reference' in data && data.reference) || undefined;
  const external = ('externalTransactionId' in data && data.externalTransactionId) || undefined;
  const named = [
    ['patron', patronId],
    ['version', String(version)],
    ['event', event.type],
    ['command', metadata?.commandId],
    ['transaction', external],
    ['reference', reference],
  ] as const;
  return named.flatMap(([name, value]) => (value === undefined ? [] : [[name, plainText(value)] as const]));
}
