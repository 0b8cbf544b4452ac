/**
 * A difference between the file of an export, the events, and the answers of the external system. Amounts are decimal
 * strings, negative for credits; null if the side has none.
 */
export type BursarDifference = {
  /**
   * The kind of difference.
   *
   * Between the file and the events:
   * - `FILE_ROW_WITHOUT_EVENT`: the file has a transfer that was not made.
   * - `FILE_ROW_REPEATED`: the file has a transfer twice.
   * - `EVENT_WITHOUT_FILE_ROW`: a transfer is missing from the file.
   * - `FILE_AMOUNT_DIFFERS`: a transfer has another amount in the file.
   *
   * Between the answers and the events:
   * - `ROW_NOT_BOOKED`: a row of an answer was not booked.
   * - `ROW_BOOKED_ELSEWHERE`: its payment is booked, but from another answer or row, see `bookedBy`.
   * - `ROW_AMOUNT_DIFFERS`: another amount was booked from the row.
   * - `PAYMENT_REFERENCE_DIFFERS`: the row was booked with another payment reference.
   * - `BOOKING_WITHOUT_ROW`: something was booked from a row that the answer does not have.
   * - `BOOKED_OTHERWISE`: a settlement of a transfer of the batch, or its reversal, that comes from none of the
   *   answers.
   *
   * Of the events:
   * - `RECALLED`: a part of the batch came back here.
   *
   * Of all:
   * - `ROW_UNREADABLE`: a row cannot be read; its amount is in no sum.
   * - `FILE_BROKEN`: the file or the answer cannot be read to its end.
   * - `ACCOUNT_UNREADABLE`: an account cannot be read, so its rows are compared with nothing.
   */
  readonly code:
    | 'FILE_ROW_WITHOUT_EVENT'
    | 'FILE_ROW_REPEATED'
    | 'EVENT_WITHOUT_FILE_ROW'
    | 'FILE_AMOUNT_DIFFERS'
    | 'ROW_NOT_BOOKED'
    | 'ROW_BOOKED_ELSEWHERE'
    | 'ROW_AMOUNT_DIFFERS'
    | 'PAYMENT_REFERENCE_DIFFERS'
    | 'BOOKING_WITHOUT_ROW'
    | 'BOOKED_OTHERWISE'
    | 'RECALLED'
    | 'ROW_UNREADABLE'
    | 'FILE_BROKEN'
    | 'ACCOUNT_UNREADABLE';
  /** The reference of the transfer; null if it cannot be read. */
  readonly reference: string | null;
  /** The patron; null without a reference. */
  readonly patronId: string | null;
  /** The job of the answer; null for the file. */
  readonly answer: string | null;
  /** The position of the row, counted from 1 without the header. */
  readonly row: number | null;
  /** The amount in the file. */
  readonly inFile: string | null;
  /** The amount in the answer; negative for a payment that bounced. */
  readonly inAnswer: string | null;
  /** The amount in the events. */
  readonly inEvents: string | null;
  /** What booked the payment or the recall, e.g. `answer-9/17`: a job and its row, or the id of a command. */
  readonly bookedBy: string | null;
  /** The difference in one sentence. */
  readonly message: string;
};

const texts: Readonly<Record<BursarDifference['code'], string>> = {
  FILE_ROW_WITHOUT_EVENT: 'the file has a transfer that was not made',
  FILE_ROW_REPEATED: 'the file has the transfer more than once',
  EVENT_WITHOUT_FILE_ROW: 'the transfer is missing from the file',
  FILE_AMOUNT_DIFFERS: 'the transfer has another amount in the file',
  ROW_NOT_BOOKED: 'the row was not booked',
  ROW_BOOKED_ELSEWHERE: 'the payment is booked, but not from this row',
  ROW_AMOUNT_DIFFERS: 'another amount was booked from the row',
  PAYMENT_REFERENCE_DIFFERS: 'the row was booked with another payment reference',
  BOOKING_WITHOUT_ROW: 'something was booked from a row that the answer does not have',
  BOOKED_OTHERWISE: 'a settlement or its reversal that comes from none of the answers',
  RECALLED: 'a part of the transfer came back here',
  ROW_UNREADABLE: 'the row cannot be read',
  FILE_BROKEN: 'it cannot be read to its end',
  ACCOUNT_UNREADABLE: 'the account cannot be read',
};

const NOTHING = {
  reference: null,
  patronId: null,
  answer: null,
  row: null,
  inFile: null,
  inAnswer: null,
  inEvents: null,
  bookedBy: null,
};

/** Returns a difference with its sentence. */
export function differenceOf(
  code: BursarDifference['code'],
  { detail, ...found }: Partial<BursarDifference> & { readonly detail?: string },
): BursarDifference {
  const { reference, answer, row, inFile, inAnswer, inEvents } = { ...NOTHING, ...found };
  const place = [
    answer === null ? null : `answer ${answer}`,
    row === null ? null : `row ${row}`,
    reference,
  ].filter((part) => part !== null);
  const amounts = [
    inFile === null ? null : `${inFile} in the file`,
    inAnswer === null ? null : `${inAnswer} in the answer`,
    inEvents === null ? null : `${inEvents} in the events`,
  ].filter((part) => part !== null);
  const text = [place.join(', ') || 'the file', texts[code]].join(': ');
  const rest = [...amounts, ...(detail === undefined ? [] : [detail])];
  const message = rest.length === 0 ? text : `${text} (${rest.join(', ')})`;
  return { ...NOTHING, code, ...found, message };
}

/** A row of a file beside the transfer of its reference, in minor units; null without one. */
type Pair<Row> = {
  readonly reference: string;
  readonly row: Row | null;
  readonly inEvents: bigint | null;
  /** Whether an earlier row has the reference too. */
  readonly isRepeated: boolean;
};

/**
 * Compares the rows of an export's file with the transfers of the events: pairs them by reference, rows first, then
 * transfers without a row.
 *
 * @param transfers - the signed amount of each transfer by its reference
 */
export function pairedRows<Row extends { readonly reference: string }>(
  rows: Iterable<Row>,
  transfers: ReadonlyMap<string, bigint>,
): readonly Pair<Row>[] {
  const seen = new Set<string>();
  const pairs: Pair<Row>[] = [];
  for (const row of rows) {
    const { reference } = row;
    pairs.push({
      reference,
      row,
      inEvents: transfers.get(reference) ?? null,
      isRepeated: seen.has(reference),
    });
    seen.add(reference);
  }
  for (const [reference, inEvents] of transfers) {
    if (!seen.has(reference)) pairs.push({ reference, row: null, inEvents, isRepeated: false });
  }
  return pairs;
}
