import * as v from 'valibot';
import type { Fault } from '../../errors.js';
import { faultsOf, faultText, MISSING } from '../../input/faults.js';
import { parseLooseAmount } from '../../money/money.js';
import { parseBursarReference } from './bursarReference.js';
import type { SettlementFinding } from './settlementFinding.js';
import type { Misread, SettlementReading } from './settlementRow.js';

/** A position in a file or list. */
export type Place = Pick<SettlementFinding, 'row' | 'line'>;

/** One payment that the external system reports, checked without its account. */
export type Settlement = Place & {
  readonly row: number;
  readonly reference: string;
  readonly patronId: string;
  readonly transferId: string;
  /** The kind of transfer that the sign of the amount belongs to. */
  readonly kind: 'fee' | 'credit';
  /** A decimal string without a sign. */
  readonly amount: string;
  readonly paymentReference: string | undefined;
};

const trimmed = v.pipe(v.string('text'), v.trim());

const optional = v.optional(
  v.pipe(
    trimmed,
    v.transform((text) => (text === '' ? undefined : text)),
  ),
);

const rowSchema = v.object({
  reference: v.pipe(
    trimmed,
    v.check((text) => text !== '', 'a reference'),
  ),
  amount: v.pipe(
    trimmed,
    v.check((text) => text !== '', 'an amount'),
  ),
  paymentReference: optional,
  currency: optional,
});

function misreadText({ path = '', expected, found }: Misread): string {
  if (path !== '') return faultText({ path, expected, found });
  return found === MISSING ? `missing (expected ${expected})` : `expected ${expected}, found ${found}`;
}

/** Returns a finding for a position. */
export function findingAt(
  { row, line }: Place,
  code: SettlementFinding['code'],
  misread: Misread,
  more: Partial<SettlementFinding> = {},
): SettlementFinding {
  const place = row === null ? 'the file' : `row ${row}`;
  const where = line === null ? place : `${place}, line ${line}`;
  const message = `${where}: ${misreadText(misread)}`;
  return { code, row, line, reference: null, patronId: null, message, ...more };
}

/** Parses a row, or returns its faults. */
export function settlementOfRow(
  reading: Exclude<SettlementReading, { readonly broken: Misread }>,
  row: number,
  currency: string,
  digits: number,
): Settlement | SettlementFinding {
  const place = { row, line: reading.line };
  if ('misread' in reading) return findingAt(place, 'BROKEN_ROW', reading.misread);
  const parsed = v.safeParse(rowSchema, reading.row);
  if (!parsed.success) {
    const [fault] = faultsOf(parsed.issues, rowSchema);
    return findingAt(place, 'BROKEN_ROW', fault as Fault);
  }
  const { reference, amount, paymentReference, currency: its = currency } = parsed.output;
  const shown = JSON.stringify(reference.slice(0, 200));
  const named = parseBursarReference(reference);
  if (named === undefined) {
    const expected = 'the reference of an exported transfer';
    return findingAt(place, 'UNKNOWN_REFERENCE', { expected, found: shown }, { reference });
  }
  const { patronId, transferId } = named;
  const about = { reference, patronId };
  if (its !== currency) {
    const found = JSON.stringify(its.slice(0, 20));
    return findingAt(place, 'OTHER_CURRENCY', { expected: currency, found }, about);
  }
  const [kind, unsigned] = amount.startsWith('-')
    ? (['credit', amount.slice(1)] as const)
    : (['fee', amount] as const);
  if (parseLooseAmount(unsigned, digits) < 0) {
    const expected = `an amount of ${currency}, not zero`;
    const found = JSON.stringify(amount.slice(0, 40));
    return findingAt(place, 'AMOUNT_NOT_USABLE', { expected, found }, about);
  }
  return { ...place, reference, patronId, transferId, kind, amount: unsigned, paymentReference };
}
