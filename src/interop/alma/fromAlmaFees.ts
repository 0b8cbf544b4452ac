import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { AMOUNT_DIGITS_MAX } from '../../money/money.js';
import { type AlmaFinding, findingOfRow } from './almaFinding.js';
import { type Episode, type Explanation, explainRow, type PaymentPart, paymentsOf } from './explainRow.js';
import { type FeeRow, type RawRow, readRow, validateRow } from './feeRow.js';
import { type AlmaImportOptions, checkedOptions } from './importOptions.js';
import { conflictingRows, readResponse } from './readResponse.js';
import { unusableId } from './toAlmaFees.js';

/** The result of an import. */
export type AlmaImport = {
  /** The events, ready to fold or to append to an empty stream. */
  readonly events: readonly AccountEvent[];
  /** The rows that no events explain; empty if everything was imported. */
  readonly findings: readonly AlmaFinding[];
};

/**
 * Turns the fees that Alma lists for a patron (`GET /almaws/v1/users/{user_id}/fees`) into events whose account shows
 * the same balances to the cent.
 *
 * Alma lists the fees of one status at a time: pass the responses for `ACTIVE`, `INDISPUTE`, `EXPORTED` and `CLOSED`
 * together in a list, so that a payment that went to fees of several statuses is one payment.
 *
 * Nothing is guessed and nothing is dropped. A row is either imported, and its events show its original amount, balance
 * and status, or it has at least one finding, which carries the row, and no events. A finding without `row` is about a
 * response: its rows are imported, but a person should check what is missing. For a payment of several fees, only the
 * parts of imported fees are imported.
 *
 * - A `CREDIT` row becomes a `refundable` credit of cause `imported` (see the option `creditPurpose`).
 * - A waiver that reduced the balance of a lost-item fee becomes a credit that is set off against the fee at once.
 * - Transactions with the same method and `external_transaction_id` are one payment.
 * - `INDISPUTE` becomes a dispute. `EXPORTED` becomes a transfer that is pending until its payment is reported (an
 *   imported payment settles it); a `CLOSED` exported fee becomes a transfer that expects no report.
 * - `by.library` is the name of the library and `by.userId` the name of the person, as in Alma.
 * - Original amount and balance include VAT. Its rate is the policy's rate of the type, or one of `vatPercents`.
 *
 * Events are in the order of Alma's times. Fees and credits keep Alma's ids; everything else gets an id that begins
 * with `alma/` and is the same each time. So a second import is noticed: appending with an expected version of 0 is a
 * conflict, and folding the events onto the account of the first throws with the fault `IdUsedTwice`.
 *
 * @param responses - the parsed JSON of one response, or a list of them
 * @param options - data that is not in the responses
 * @returns the events, and a finding for everything they do not explain
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or
 * responses that are not plain data; `INVALID_POLICY`. Any other fault of the responses is a finding
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, fold } from 'patron-fees';
 * import { fromAlmaFees } from 'patron-fees/alma';
 *
 * const { events, findings } = fromAlmaFees({
 *   fee: [
 *     {
 *       id: '5013880000107',
 *       type: { value: 'OVERDUEFINE' },
 *       status: { value: 'ACTIVE' },
 *       balance: 2.7699999999999996,
 *       original_amount: 25,
 *       creation_time: '2026-03-02T09:00:00.000Z',
 *       owner: { value: 'MAIN' },
 *       transaction: [
 *         {
 *           type: { value: 'PAYMENT' },
 *           amount: 22.23,
 *           transaction_time: '2026-03-09T15:30:00.000Z',
 *           payment_method: { value: 'CASH' },
 *         },
 *       ],
 *     },
 *   ],
 *   total_record_count: 1,
 *   total_sum: 2.77,
 *   currency: 'USD',
 * });
 * findings; //=> []
 * balancesInMinorUnits(fold(events)).active; //=> 277
 * ```
 */
export function fromAlmaFees(responses: unknown, options: AlmaImportOptions = {}): AlmaImport {
  const known = checkedOptions(options);
  const { rows, findings } = readResponses(plainData(responses), known);
  const conflicts = conflictingRows(rows, known.policy?.currency ?? rows[0]?.currency);
  const limits = importLimits();
  const explanations: Explanation[] = [];
  const unexplained: AlmaFinding[] = [];
  for (const origin of rows) {
    const conflict = conflicts.get(origin);
    const outcome = conflict === undefined ? importRow(origin, known, limits) : { findings: [conflict] };
    if ('findings' in outcome) unexplained.push(...outcome.findings);
    else explanations.push(outcome);
  }
  return { events: inOrder(explanations), findings: [...findings, ...unexplained] };
}

/** Copies the input, so that findings keep the rows unchanged, and unreadable input is refused here. */
function plainData(responses: unknown): unknown {
  try {
    return structuredClone(responses);
  } catch {
    throw new PatronFeesError('INVALID_ARGUMENT', 'responses: expected plain data, as JSON.parse gives it');
  }
}

/** Reads one response, or each response of a list. */
function readResponses(responses: unknown, { policy }: AlmaImportOptions) {
  const readings = Array.isArray(responses)
    ? Array.from(responses, (response: unknown, index) =>
        readResponse(response, `[${index}]`, policy?.currency),
      )
    : [readResponse(responses, '', policy?.currency)];
  return {
    rows: readings.flatMap((reading): readonly RawRow[] => reading.rows),
    findings: readings.flatMap((reading): readonly AlmaFinding[] => reading.findings),
  };
}

/** Converts a row to events, or returns the findings that prevent it. */
function importRow(
  origin: RawRow,
  options: AlmaImportOptions,
  limits: ImportLimits,
): Explanation | { readonly findings: readonly AlmaFinding[] } {
  const reading = readRow(origin, options);
  if ('findings' in reading) return reading;
  const { row } = reading;
  const finding = validateRow(row, options) ?? unusableId(row);
  if (finding !== undefined) return { findings: [finding] };
  const explanation = explainRow(row, options);
  const tooLarge = limits.admit(row, explanation.payments);
  return tooLarge === undefined ? explanation : { findings: [tooLarge] };
}

/** Returns all events in the order of their times. At the same time, charges come first. */
function inOrder(explanations: readonly Explanation[]): AccountEvent[] {
  const episodes: Episode[] = [
    ...explanations.flatMap((explanation) => explanation.episodes),
    ...paymentsOf(explanations.flatMap((explanation) => explanation.payments)),
  ];
  const sorted = episodes.sort((a, b) => a.ms - b.ms || Number(b.opens) - Number(a.opens));
  return sorted.flatMap(({ events }) => events);
}

/** The limits of an account during an import. Rows are admitted one after the other. */
export type ImportLimits = {
  /** Counts a row and its payments, or returns a finding if they exceed a limit. */
  readonly admit: (row: FeeRow, payments: readonly PaymentPart[]) => AlmaFinding | undefined;
};

/** Starts with an empty account: a turnover within the safe integers, and twelve digits for each payment. */
export function importLimits(): ImportLimits {
  let turnover = 0;
  const paid = new Map<string, number>();
  return {
    admit: (row, payments) => {
      // The charge, and the same amount again, which may have been paid or credited.
      const after = turnover + 2 * Math.abs(row.original);
      const sums = new Map<string, number>();
      for (const { paymentId, amount } of payments) {
        sums.set(paymentId, (sums.get(paymentId) ?? paid.get(paymentId) ?? 0) + amount);
      }
      if (
        after > Number.MAX_SAFE_INTEGER ||
        [...sums.values()].some((sum) => sum >= 10 ** AMOUNT_DIGITS_MAX)
      ) {
        const expected = `payments within ${AMOUNT_DIGITS_MAX} digits and an account within the safe integers`;
        return findingOfRow(row.origin, 'TotalTooLarge', '', expected, 'more');
      }
      turnover = after;
      for (const [paymentId, sum] of sums) paid.set(paymentId, sum);
      return undefined;
    },
  };
}
