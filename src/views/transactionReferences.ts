import type { CreditCause } from '../account/circumstances.js';
import type { Credit } from '../account/credit.js';
import {
  findCredit,
  findPayment,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../account/patronAccount.js';
import type { Payment, Refund, Transfer } from '../account/records.js';
import type { Transaction } from '../account/transaction.js';

/** Ids and codes that a transaction refers to. Unknown ones are absent. */
export type TransactionReferences = {
  /** The fee that a credit was used for or comes from. */
  readonly feeId?: string;
  /** The credit that was issued, used or cancelled. */
  readonly creditId?: string;
  /** The payment that was reversed, or that an overpayment credit comes from. */
  readonly paymentId?: string;
  /** The waiver that was reversed. */
  readonly waiverId?: string;
  /** The refund that was reversed. */
  readonly refundId?: string;
  /** The settlement that was reversed. */
  readonly settlementId?: string;
  /** The transfer that was recalled. */
  readonly transferId?: string;
  /** The id shared by the transfers of one command. */
  readonly batchId?: string;
  /** The external billing system's code. */
  readonly destination?: string;
  /** The external billing system's reference. */
  readonly externalReference?: string;
  /** The payment provider's id. */
  readonly externalTransactionId?: string;
  /** A free reference, e.g. a cheque number. */
  readonly reference?: string;
  /** Why a credit was issued. */
  readonly cause?: CreditCause;
  /** Why a fine stopped growing: `returned`, `renewed`, `lost` or `other`. */
  readonly endCause?: string;
  /** How a dispute ended: `feeStands`, `withdrawn` or `patronUpheld`. */
  readonly outcome?: string;
};

/** Whether the transactions are those of a fee or of a credit. */
export type TransactionSubject = 'fee' | 'credit';

/** Returns what a transaction refers to, looked up in the account's payments, refunds, transfers and credits. */
export function transactionReferences(
  account: PatronAccount,
  subject: TransactionSubject,
  transaction: Transaction,
): TransactionReferences {
  const found = Object.entries(references(account, subject, transaction));
  return Object.fromEntries(found.filter(([, reference]) => reference !== null));
}

type References = { readonly [Name in keyof TransactionReferences]: TransactionReferences[Name] | null };

/** Returns every reference of this kind of transaction; null if this one lacks it. */
function references(
  account: PatronAccount,
  subject: TransactionSubject,
  transaction: Transaction,
): References {
  const { kind, id, reference } = transaction;
  switch (kind) {
    case 'payment':
      return ofMoney(findPayment(account, id) as Payment);
    case 'refund':
      return ofMoney(account.refunds[positionOf(account, 'refund', id)] as Refund);
    case 'transfer': {
      const { batchId, destination, externalReference } = findTransfer(account, id) as Transfer;
      return { batchId, destination, externalReference };
    }
    case 'paymentReversed':
    case 'creditWithdrawn':
    case 'cancelledCreditWithdrawn':
      return positionOf(account, 'settlement', reference as string) < 0
        ? { paymentId: reference }
        : { settlementId: reference };
    case 'settlementReversed':
      return { settlementId: reference };
    case 'waiverReversed':
      return { waiverId: reference };
    case 'refundReversed':
      return { refundId: reference };
    case 'recall':
      return { transferId: reference };
    case 'settlement':
      return { externalReference: reference };
    case 'accrualEnded':
      return { endCause: reference };
    case 'disputeResolved':
      return { outcome: reference };
    case 'creditIssued': {
      const { feeId, paymentId, cause } = findCredit(account, id) as Credit;
      return subject === 'fee' ? { creditId: id, cause } : { feeId, paymentId, cause };
    }
    case 'creditApplied':
    case 'creditApplicationReversed':
    case 'creditCancelled':
      return subject === 'fee' ? { creditId: reference } : { feeId: reference };
    default:
      return {};
  }
}

/** Returns the external ids of a payment or refund. */
function ofMoney({ externalTransactionId, reference }: Payment | Refund): References {
  return { externalTransactionId, reference };
}
