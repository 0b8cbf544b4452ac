import type { WrittenEntry } from './ledgerText.js';
import { plainText } from './plainText.js';

/**
 * Returns the tags that both formats write for an entry: its patron, and its position in the patron's stream, so that
 * an entry can be identified in every export. Never a title or a comment: data erased from events must not survive in
 * the books.
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
