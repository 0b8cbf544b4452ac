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

/** What else a transaction involves. Only what is known is there. */
export type TransactionReferences = {
  /** The fee that a credit was used for or comes from. */
  readonly feeId?: string;
  /** The credit that was issued, used or cancelled. */
  readonly creditId?: string;
  /** The payment that was reversed, or that an overpayment credit comes from. */
  readonly paymentId?: string;
  /** The waiver that was undone. */
  readonly waiverId?: string;
  /** The refund that was undone. */
  readonly refundId?: string;
  /** The settlement that was undone. */
  readonly settlementId?: string;
  /** The transfer that was recalled. */
  readonly transferId?: string;
  /** What groups the transfers of one command. */
  readonly batchId?: string;
  /** The external billing system's code. */
  readonly destination?: string;
  /** The external billing system's reference. */
  readonly externalReference?: string;
  /** The id that the payment provider gave. */
  readonly externalTransactionId?: string;
  /** A free reference, e.g. a cheque number. */
  readonly reference?: string;
  /** Why a credit was issued. */
  readonly cause?: CreditCause;
  /** Why a fine grows no more: `returned`, `renewed`, `lost` or `other`. */
  readonly endCause?: string;
  /** How a dispute ended: `feeStands`, `withdrawn` or `patronUpheld`. */
  readonly outcome?: string;
};

/** Whose transactions are shown: a reference means the other side of what happened. */
export type TransactionSubject = 'fee' | 'credit';

/** Says what else a transaction involves, joining the account's payments, refunds, transfers and credits. */
export function transactionReferences(
  account: PatronAccount,
  subject: TransactionSubject,
  transaction: Transaction,
): TransactionReferences {
  const found = Object.entries(references(account, subject, transaction));
  return Object.fromEntries(found.filter(([, reference]) => reference !== null));
}

type References = { readonly [Name in keyof TransactionReferences]: TransactionReferences[Name] | null };

/** Every reference that a transaction of this kind can have; null where this one has none. */
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

/** How a payment or a refund is known elsewhere. */
function ofMoney({ externalTransactionId, reference }: Payment | Refund): References {
  return { externalTransactionId, reference };
}
