import * as v from 'valibot';
import type { Item } from '../account/circumstances.js';
import type { Credit } from '../account/credit.js';
import type { Fee } from '../account/fee.js';
import { nameField } from '../account/fieldSchemas.js';
import { findCredit, findFee, type PatronAccount } from '../account/patronAccount.js';
import type { Transfer } from '../account/records.js';
import { creditVat, vatOfTransaction } from '../account/vat.js';
import { PatronFeesError } from '../errors.js';
import type { StreamId } from '../history/eventStore.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { isIterable } from '../input/iterable.js';
import { plainObject } from '../input/plainObject.js';
import { formatAmount } from '../money/money.js';
import type { RecalledSince } from './bursarFinding.js';
import { type BursarCodes, CREDIT_TYPE } from './bursarForm.js';
import { bursarReference } from './bursarReference.js';

/** One transferred fee or credit: a row of the file. */
export type BursarTransfer = {
  /** The reference that the external system must return when it reports payment; see {@link bursarReference}. */
  readonly reference: string;
  /** The institution. */
  readonly institution: string;
  /** The patron's id. */
  readonly patronId: string;
  /** The external system's id of the patron. */
  readonly identifier: string;
  /** The kind of that identifier; empty if the directory does not have it. */
  readonly identifierType: string;
  /** The patron's name; empty when the directory does not have it. */
  readonly name: string;
  /** How to reach the patron, by the directory's own names, e.g. `email`; empty without. */
  readonly contact: Readonly<Record<string, string>>;
  /** Whether a fee or a credit was transferred. */
  readonly kind: 'fee' | 'credit';
  /** The id of the fee or the credit. */
  readonly id: string;
  /** The fee's type; `CREDIT` for a credit. */
  readonly type: string;
  /** The external system's code for the type; the type itself if it has no code. */
  readonly code: string;
  /** The transferred fee, or the fee of the credit; null for a credit without a fee. */
  readonly feeId: string | null;
  /** The type of that fee; null for a credit without a fee. */
  readonly feeType: string | null;
  /** The transferred amount, a decimal string; positive for credits too. */
  readonly amount: string;
  /** The rate of the tax that the amount includes, in percent; null without tax. */
  readonly vatPercent: number | null;
  /** The tax that the amount includes, a decimal string; zero without tax, positive for credits too. */
  readonly vat: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The library that owns the fee or owes the credit; empty if unknown. */
  readonly owner: string;
  /** The item; null without one. */
  readonly item: Item | null;
  /** When the fee was assessed or the credit issued. */
  readonly since: string;
  /** When the fee or credit last changed before the transfer. */
  readonly lastTransactionAt: string;
  /** When it was transferred. */
  readonly transferredAt: string;
};

/** The patron of the transfers. */
export type BursarSubject = {
  /** The institution. */
  readonly institution: string;
  /** The patron's id. */
  readonly patronId: string;
  /** The patron's entry in the directory; null if it has none, undefined without a directory. */
  readonly patron?: BursarPatron | null | undefined;
  /** The patron's other accounts, if some were merged: they count for `wholeAccounts`; none if left out. */
  readonly otherAccounts?: readonly PatronAccount[];
};

/** Returns the external system's code for a fee type, or for credits; undefined if it has none. */
export function codeOf(codes: BursarCodes | undefined, type: string, kind: 'fee' | 'credit') {
  if (codes === undefined) return type;
  if (kind === 'credit') return codes.credit;
  return Object.hasOwn(codes.feeTypes, type) ? codes.feeTypes[type] : undefined;
}

/** Returns what a job transferred from an account, in order, with the original amounts, regardless of later events. */
export function transfersOfJob(
  account: PatronAccount,
  jobId: string,
  subject: BursarSubject,
  codes: BursarCodes | undefined,
): readonly BursarTransfer[] {
  return account.transfers
    .filter(({ batchId }) => batchId === jobId)
    .map((transfer) => rowOf(account, transfer, subject, codes));
}

function rowOf(
  account: PatronAccount,
  { transferId, feeId, creditId, amount, at }: Transfer,
  { institution, patronId, patron }: BursarSubject,
  codes: BursarCodes | undefined,
): BursarTransfer {
  const credit = creditId === null ? undefined : (findCredit(account, creditId) as Credit);
  const ofFee = feeId ?? credit?.feeId;
  const fee = typeof ofFee === 'string' ? findFee(account, ofFee) : undefined;
  const kind = credit === undefined ? 'fee' : 'credit';
  const { transactions } = (credit ?? fee) as Credit | Fee;
  const index = transactions.findIndex(({ kind: what, id }) => what === 'transfer' && id === transferId);
  const type = credit === undefined ? (fee?.feeType ?? '') : CREDIT_TYPE;
  const since = credit?.issuedAt ?? fee?.assessedAt ?? at;
  const vat =
    credit === undefined
      ? vatOfTransaction(account, feeId ?? '', transferId)
      : creditVat(account, credit)[index];
  return {
    reference: bursarReference({ patronId, transferId }),
    institution,
    patronId,
    // A database may use '' for a missing value, and a bill without an identifier would reach nobody.
    identifier: patron?.identifier || patronId,
    identifierType: patron?.identifierType ?? '',
    name: patron?.name ?? '',
    contact: patron?.contact ?? {},
    kind,
    id: creditId ?? feeId ?? '',
    type,
    code: codeOf(codes, type, kind) ?? type,
    feeId: fee?.feeId ?? null,
    feeType: fee?.feeType ?? null,
    amount: formatAmount(amount, account.minorDigits),
    vatPercent: fee?.vatPercent ?? null,
    vat: formatAmount(vat ?? 0, account.minorDigits),
    currency: account.currency ?? '',
    owner: credit?.owner ?? fee?.owner ?? '',
    item: credit?.item ?? fee?.item ?? null,
    since,
    lastTransactionAt: transactions[index - 1]?.at ?? since,
    transferredAt: at,
  };
}

/** The parts of a file: its beginning, the transfers of one patron, its end. */
export type BursarFileFormat = {
  readonly head: string;
  readonly patron: (transfers: readonly BursarTransfer[]) => string;
  readonly foot: string;
};

/** Returns the amount for the external system: negative for a credit. */
export function signedAmount({ kind, amount }: BursarTransfer): string {
  return kind === 'credit' ? `-${amount}` : amount;
}

/** Returns the tax for the external system: negative for a credit, undefined without tax. */
export function signedVat({ kind, vatPercent, vat }: BursarTransfer): string | undefined {
  if (vatPercent === null) return undefined;
  return kind === 'credit' && /[1-9]/.test(vat) ? `-${vat}` : vat;
}

/**
 * Returns findings for the job's transfers that were recalled since. The file contains them, since it has everything
 * that was transferred.
 */
export function recalledSince(
  account: PatronAccount,
  jobId: string,
  { institution, patronId }: StreamId,
): readonly RecalledSince[] {
  const recalled = account.transfers.filter(
    (transfer) => transfer.batchId === jobId && transfer.recalled > 0,
  );
  return recalled.map((transfer) => {
    const reference = bursarReference({ patronId, transferId: transfer.transferId });
    const amount = formatAmount(transfer.recalled, account.minorDigits);
    const message = `${amount} of ${reference} was recalled after its transfer; the file has it`;
    return { institution, patronId, code: 'RECALLED', reference, amount, message };
  });
}

/** Data of a patron that is not in the account, for the external system and for the choice of patrons. */
export type BursarPatron = {
  /** The institution, in a directory of several; the job's institution if left out. */
  readonly institution?: string;
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group?: string;
  /** The patron's name. */
  readonly name?: string;
  /** The external system's id of the patron, e.g. a student number; the patron's id if left out or empty. */
  readonly identifier?: string;
  /** The kind of that identifier, as the external system names it. */
  readonly identifierType?: string;
  /** How to reach the patron, under names of your own, e.g. `email` or `street`; see `contactColumns`. */
  readonly contact?: Readonly<Record<string, string>>;
};

/**
 * The patron directory: a function that looks up a patron by id (e.g. in a database of any size), or a list, which is
 * read once and kept in memory during the job. If a list repeats a patron, the later entry counts.
 */
export type BursarPatrons =
  | AsyncIterable<BursarPatron>
  | Iterable<BursarPatron>
  | ((patronId: string) => BursarPatron | undefined | Promise<BursarPatron | undefined>);

const text = v.optional(v.string());

const patronSchema = v.pipe(
  plainObject,
  v.object({
    institution: v.optional(nameField),
    patronId: nameField,
    group: text,
    name: text,
    identifier: text,
    identifierType: text,
    contact: v.optional(v.record(v.string(), v.string())),
  }),
);

/** Finds a patron; null if the patron is not in the directory. */
type PatronLookup = (patronId: string) => Promise<BursarPatron | null>;

/** The schema of a directory. */
export const patronsField = v.custom<BursarPatrons>(
  (input) => typeof input === 'function' || isIterable(input),
  'patrons one after the other, or a function that looks one up',
);

/**
 * Turns a directory of either form into a lookup function.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid entry, or an entry of
 * another patron than the one looked up
 */
export async function patronLookup(patrons: BursarPatrons, institution: string): Promise<PatronLookup> {
  if (typeof patrons === 'function') {
    return async (patronId) => {
      const found = await patrons(patronId);
      return found === undefined ? null : checkedAnswer(found, patronId, institution);
    };
  }
  const byId = new Map<string, BursarPatron>();
  let index = 0;
  for await (const entry of patrons) {
    const patron = checkedPatron(entry, `patrons[${index}]`);
    if ((patron.institution ?? institution) === institution) byId.set(patron.patronId, patron);
    index += 1;
  }
  return async (patronId) => byId.get(patronId) ?? null;
}

/**
 * Rejects an entry of another patron, which would send the bill to the wrong person. A database may ignore case, for
 * example.
 */
function checkedAnswer(found: unknown, patronId: string, institution: string): BursarPatron {
  const name = `patrons(${JSON.stringify(patronId)})`;
  const patron = checkedPatron(found, name);
  if (patron.patronId === patronId && (patron.institution ?? institution) === institution) return patron;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `${name}: expected that patron of ${institution}, found another`,
  );
}

function checkedPatron(entry: unknown, name: string): BursarPatron {
  return checkedArgument(patronSchema, entry, name) as BursarPatron;
}
