import { digestOf } from '../../account/digest.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { KeptReport } from '../../office/onlinePayments/keptReport.js';
import { onlineParts } from '../../office/onlinePayments/onlineParts.js';
import { type OnlinePayment, transactionOf, units } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { accountFindings } from '../monitor/accountFindings.js';
import { isAskedNoMore } from '../monitor/monitorCursor.js';
import { neverFinal, type OnlineFinding, waitingFinding } from '../onlineFinding.js';
import { differenceOf, stayingFindings } from '../payouts/payoutFindings.js';
import { waitingParts } from '../record/waitingParts.js';
import type { ReportedReturn } from '../report/onlineReport.js';
import { type SettlePartForm, takenAbove } from '../settle/settleOnlinePart.js';

/** What a person can do about a finding. */
export type OnlineAction =
  | (Pick<SettlePartForm, 'kind' | 'externalTransactionId' | 'what' | 'patronId'> & {
      /** Call `settleOnlinePart` with the other fields. */
      readonly does: 'settlePart';
    })
  | {
      /**
       * Call `settleOnlineReport`: `tellAnew` with another payment, `settle` without one, `reopen` to take that back.
       */
      readonly does: 'tellAnew' | 'settle' | 'reopen';
      /** What was kept. */
      readonly keptId: string;
    }
  | {
      /** Call `reportOnlinePayment` with the return, if the provider never took it: the rest of a wrong amount. */
      readonly does: 'reportReturn';
      /** The amount above the total, with an id of its own: if it is reported again, it counts as a repeat. */
      readonly returned: ReportedReturn;
    }
  | {
      /** Call `reportOnlinePayment` with an end that is final, once the provider's page says so. */
      readonly does: 'reportEnd';
    };

/** A finding that is open, since when, and what a person can do about it. */
export type OpenFinding = OnlineFinding & {
  /** Since when: ISO 8601 with a zone. */
  readonly since: string;
  /** What a person can do; empty where something outside online payments must be repaired first. */
  readonly actions: readonly OnlineAction[];
};

/** Returns the findings of a payment as it is, without recording or asking anything. */
export async function openFindings(
  context: OnlineContext,
  payment: OnlinePayment,
  at: string,
  askForDays: number | undefined,
): Promise<readonly OpenFinding[]> {
  const { institution } = context;
  const { onlinePaymentId, ended, expiresAt } = payment;
  const of = { institution, onlinePaymentId };
  const sinceOf = (kind: 'capture' | 'return', id: string) =>
    transactionOf(payment, kind, id)?.at ?? expiresAt;
  const found: OpenFinding[] = (await waitingParts(context, payment)).map((part) => {
    const { kind, externalTransactionId, patronId, because } = part;
    const about = { does: 'settlePart', kind, externalTransactionId, patronId } as const;
    const isAfterSettled = because.type === 'AfterSettled';
    const actions: readonly OnlineAction[] = [
      { ...about, what: 'apart' },
      ...(isAfterSettled ? [{ ...about, what: 'record' } as const] : []),
    ];
    return { ...waitingFinding(of, part), since: sinceOf(kind, externalTransactionId), actions };
  });
  const inAccounts = await accountFindings(context, payment);
  for (const { finding, part } of inAccounts.lost) {
    const { kind, externalTransactionId, patronId, at: since } = part;
    const anew = { does: 'settlePart', kind, externalTransactionId, patronId, what: 'record' } as const;
    found.push({ ...finding, since, actions: [anew] });
  }
  const others = [...inAccounts.tooMuch, ...stayingFindings(institution, payment)];
  for (const finding of others) {
    const { externalTransactionId = '' } = finding;
    const back = { kind: 'return', externalTransactionId } as const;
    const isReturn =
      finding.code === 'RETURNED_TOO_MUCH' ||
      (isOfRows(finding) && differenceOf(institution, payment, back) !== null);
    const kind = isReturn ? 'return' : 'capture';
    const isAboveTotal = finding.code === 'CAPTURED_ABOVE_TOTAL';
    const isReversed = finding.code === 'REVERSED_NOT_RETURNED';
    const what = isOfRows(finding) ? 'rows' : isAboveTotal ? 'aboveTotal' : isReversed ? 'reversed' : null;
    const of = isReversed && finding.patronId !== undefined && { patronId: finding.patronId };
    const actions: readonly OnlineAction[] = [
      ...(what === null ? [] : [{ does: 'settlePart', kind, externalTransactionId, what, ...of } as const]),
      ...(isAboveTotal ? [restReturned(payment, externalTransactionId)] : []),
    ];
    found.push({ ...finding, since: sinceOf(kind, externalTransactionId), actions });
  }
  if (ended?.final !== true && askForDays !== undefined && isAskedNoMore(payment, at, askForDays))
    found.push({ ...neverFinal(of, askForDays), since: expiresAt, actions: [{ does: 'reportEnd' }] });
  return found;
}

/** Returns how a person reports what is above the total of a payment as returned, of its last capture. */
function restReturned(payment: OnlinePayment, of: string): OnlineAction {
  const { total, currency } = payment;
  const amount = formatAmount(units(takenAbove(payment)) - units(total), digitsOf(currency));
  const externalTransactionId = `rest-${digestOf([of, amount])}`;
  return { does: 'reportReturn', returned: { externalTransactionId, of, amount, currency, kind: 'refund' } };
}

/** Returns how a person can take back that parts of a payment are apart. */
export function recordAfterAll(payment: OnlinePayment): readonly OnlineAction[] {
  return onlineParts(payment)
    .filter(({ state, what }) => state === 'apart' && what === 'apart')
    .map(({ kind, externalTransactionId, patronId }) => {
      const part = { kind, externalTransactionId, patronId };
      return { does: 'settlePart', what: 'record', ...part } as const;
    });
}

function isOfRows({ code }: OnlineFinding): boolean {
  return code === 'AMOUNT_DIFFERS' || code === 'PAID_OUT_TWICE';
}

const rowCodes = [
  'UNKNOWN_PAYMENT',
  'PERHAPS_REPORTED',
  'CURRENCY_DIFFERS',
  'ROW_CHANGED',
  'AMOUNT_DIFFERS',
] as const satisfies readonly OnlineFinding['code'][];

/** Returns the finding of something kept, as it was refused last. */
export function openFindingOfKept(institution: string, kept: KeptReport): OpenFinding {
  const { keptId, kind, told, because, names } = kept;
  const onlinePaymentId = names[0]?.onlinePaymentId ?? null;
  const code: OnlineFinding['code'] = rowCodes.find((one) => one === because) ?? 'REPORT_REFUSED';
  const id = kind === 'row' ? told.transaction : told.externalTransactionId;
  const what = kind === 'row' ? `the row ${told.rowId}` : `the ${kind} ${id}`;
  const named = onlinePaymentId === null ? 'no payment' : `the payment ${onlinePaymentId}`;
  const advice = 'tell it anew with the payment that it belongs to, or settle it if it needs no record';
  const message = `${what} of ${told.amount} ${told.currency}, which names ${named}, is refused (${because}): ${advice}`;
  const actions: readonly OnlineAction[] = [
    { does: 'tellAnew', keptId },
    { does: 'settle', keptId },
  ];
  const about = { institution, onlinePaymentId, code, message, keptId, since: kept.at, actions };
  return { ...about, ...(id !== null && { externalTransactionId: id }) };
}
