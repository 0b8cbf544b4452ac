import { ID_LENGTH_MAX } from '../../account/fieldSchemas.js';
import { type AlmaFinding, described, findingOfRow } from './almaFinding.js';
import type { FeeRow, TransactionRow } from './feeRow.js';

/** The prefix of derived ids. */
const PREFIX = 'alma/';

/** The kind of event or record that a derived id is for. */
export type DerivedIdKind =
  | 'payment'
  | 'waiver'
  | 'credit'
  | 'application'
  | 'transfer'
  | 'settlement'
  | 'dispute';

/**
 * Derives an id for a record without one in Alma. The same row always gives the same id, so that a second import is
 * noticed.
 *
 * @param number - its number among the records of its kind, in the order of their times; a later transaction does not
 * change it
 */
export function derivedId(feeId: string, kind: DerivedIdKind, number: number): string {
  return `${PREFIX}fee/${escaped(feeId)}/${kind}/${number}`;
}

/** The id of a payment: from its method and external transaction id, which all of its transactions share. */
export function paymentId(
  feeId: string,
  number: number,
  { method, externalTransactionId }: TransactionRow,
): string {
  if (externalTransactionId === undefined) return derivedId(feeId, 'payment', number);
  return `${PREFIX}payment/${escaped(method ?? '')}/${externalTransactionId}`;
}

/** Escapes slashes, so that two records never get the same id. */
function escaped(name: string): string {
  return name.replaceAll(/[%/]/g, (sign) => encodeURIComponent(sign));
}

/** Returns a finding for a row whose id looks like a derived one, or is too long. */
export function unusableId(row: FeeRow): AlmaFinding | undefined {
  const { origin, feeId, status, transactions } = row;
  if (feeId.startsWith(PREFIX)) {
    return findingOfRow(
      origin,
      'IdNotUsable',
      'id',
      `an id that does not begin with ${PREFIX}`,
      described(feeId),
    );
  }
  const longest = derivedId(feeId, 'application', transactions.length);
  const needsIds = transactions.length > 0 || status !== 'ACTIVE';
  if (needsIds && longest.length > ID_LENGTH_MAX) {
    return findingOfRow(origin, 'IdNotUsable', 'id', 'a shorter id', `${feeId.length} characters`);
  }
  const payment = transactions.find((transaction) => paymentId(feeId, 1, transaction).length > ID_LENGTH_MAX);
  return (
    payment &&
    findingOfRow(origin, 'IdNotUsable', payment.field, 'a shorter external_transaction_id', 'a long one')
  );
}
