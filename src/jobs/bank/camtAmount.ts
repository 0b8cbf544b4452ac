import { parseReportedAmount } from '../../money/reportedAmount.js';

/** Returns an amount in minor units, below 0 for a debit; undefined if it cannot be read. */
export function signedAmount(
  fields: ReadonlyMap<string, string>,
  name: string,
  digits: number,
): number | undefined {
  const minor = parseReportedAmount((fields.get(name) ?? '').trim(), digits);
  const direction = (fields.get('CdtDbtInd') ?? '').trim();
  if (minor === undefined || minor < 0 || (direction !== 'CRDT' && direction !== 'DBIT')) return undefined;
  return direction === 'CRDT' || minor === 0 ? minor : -minor;
}
