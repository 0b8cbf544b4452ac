import { html } from 'hono/html';
import { findCredit } from 'patron-fees';
import type { Action, FormVisit } from '../action.js';
import type { Html } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';
import { recordedText } from '../recordedText.js';
import { commentField, optional } from './money.js';
import { outcome } from './outcome.js';

/** Undo: a correction of what was recorded, which the account keeps beside it. */
export const undo: Action = {
  path: 'undo',
  title: 'Undo',
  commandType: 'ReversePayment',
  otherTypes: [
    'CancelFee',
    'ReverseWaiver',
    'CancelCredit',
    'ReverseCreditApplication',
    'ReverseRefund',
    'RecallTransfer',
    'ReverseSettlement',
  ],
  buttons: [{ name: 'undo', value: 'yes', label: 'Undo' }],
  fields(visit) {
    const of = visit.values.get('of') ?? '';
    const text = recordedText(visit, of);
    if (text === '')
      return html`<p class="warning">Nothing is selected. Go back and select what to undo.</p>`;
    return html`<input type="hidden" name="of" value="${of}"><p>To undo: <strong>${text}</strong></p>${commentField(visit.values, visit.errors)}`;
  },
  command: (visit) => ({ ...correction(visit), ...optional(visit.values, 'comment') }),
  confirmation: (visit, command) => outcome(visit, command, 'will be undone'),
  next: ({ address }) => `${address}/fees`,
};

/** The command that undoes what was recorded under an id. */
function correction({ account, values }: FormVisit): object {
  const id = values.get('of') ?? '';
  switch (account.ids.find((use) => use.id === id)?.kind) {
    case 'fee':
      return { type: 'CancelFee', feeId: id };
    case 'waiver':
      return { type: 'ReverseWaiver', waiverId: id };
    case 'credit':
      return findCredit(account, id)?.cause === 'waived'
        ? { type: 'ReverseWaiver', waiverId: id }
        : { type: 'CancelCredit', creditId: id };
    case 'application':
      return { type: 'ReverseCreditApplication', applicationId: id };
    case 'refund':
      return { type: 'ReverseRefund', refundId: id };
    case 'transfer':
      return { type: 'RecallTransfer', transferId: id };
    case 'settlement':
      return { type: 'ReverseSettlement', settlementId: id };
    default:
      return { paymentId: id };
  }
}

/** A link to undo what was recorded under an id, for those who may. */
export function undoLink({ address, may }: PatronVisit, id: string, name: string): Html {
  if (!may('ReversePayment')) return html``;
  return html` <a href="${address}/undo?of=${encodeURIComponent(id)}" aria-label="Undo ${name}">Undo</a>`;
}
