import type { Item } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { Fee } from '../../account/fee.js';
import { findCredit, findFee, type PatronAccount } from '../../account/patronAccount.js';
import type { Transfer } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import { type BursarCodes, CREDIT_TYPE } from './bursarForm.js';
import type { BursarPatron } from './bursarPatron.js';
import { bursarReference } from './bursarReference.js';

/** One fee or credit that was handed over: a row of the file. */
export type BursarTransfer = {
  /** What the external system has to name when it reports payment; see {@link bursarReference}. */
  readonly reference: string;
  /** The institution. */
  readonly institution: string;
  /** The patron's id. */
  readonly patronId: string;
  /** What the external system knows the patron by. */
  readonly identifier: string;
  /** The kind of that identifier; empty when the directory does not say. */
  readonly identifierType: string;
  /** The patron's name; empty when the directory does not have it. */
  readonly name: string;
  /** What was handed over. */
  readonly kind: 'fee' | 'credit';
  /** The id of the fee or the credit. */
  readonly id: string;
  /** The fee's type; `CREDIT` for a credit. */
  readonly type: string;
  /** The external system's code for it; the type where it has none. */
  readonly code: string;
  /** The fee that was handed over, or that the credit comes from; null for a credit of no fee. */
  readonly feeId: string | null;
  /** The type of that fee; null for a credit of no fee. */
  readonly feeType: string | null;
  /** What was handed over, a decimal string, positive for credits too. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The library that owns the fee or owes the credit; empty where none is known. */
  readonly owner: string;
  /** The item it is about; null if none is. */
  readonly item: Item | null;
  /** When the fee was assessed or the credit issued. */
  readonly since: string;
  /** When the last thing before the transfer happened to it. */
  readonly lastTransactionAt: string;
  /** When it was handed over. */
  readonly transferredAt: string;
};

/** Whose transfers they are. */
export type BursarSubject = {
  /** The institution. */
  readonly institution: string;
  /** The patron's id. */
  readonly patronId: string;
  /** What the directory knows of the patron; null if it does not have them, undefined without a directory. */
  readonly patron?: BursarPatron | null | undefined;
};

/** The external system's code for a fee type, or for credits; undefined where it has none. */
export function codeOf(codes: BursarCodes | undefined, type: string, kind: 'fee' | 'credit') {
  if (codes === undefined) return type;
  if (kind === 'credit') return codes.credit;
  return Object.hasOwn(codes.feeTypes, type) ? codes.feeTypes[type] : undefined;
}

/** What a job handed over of an account, in order, as it was handed over: whatever came of it since. */
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
  return {
    reference: bursarReference({ patronId, transferId }),
    institution,
    patronId,
    // A database may say '' for what it does not have: a bill to nobody.
    identifier: patron?.identifier || patronId,
    identifierType: patron?.identifierType ?? '',
    name: patron?.name ?? '',
    kind,
    id: creditId ?? feeId ?? '',
    type,
    code: codeOf(codes, type, kind) ?? type,
    feeId: fee?.feeId ?? null,
    feeType: fee?.feeType ?? null,
    amount: formatAmount(amount, account.minorDigits),
    currency: account.currency ?? '',
    owner: credit?.owner ?? fee?.owner ?? '',
    item: credit?.item ?? fee?.item ?? null,
    since,
    lastTransactionAt: transactions[index - 1]?.at ?? since,
    transferredAt: at,
  };
}
