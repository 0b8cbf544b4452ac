import { html } from 'hono/html';
import { findFee, formatAmount, owed } from 'patron-fees';
import type { Action, FormVisit } from '../action.js';
import { fieldError, invalid } from '../fieldErrors.js';
import { type Html, money, options } from '../pages.js';
import { feeName } from '../recordedText.js';
import { commentField, optional } from './money.js';
import { outcome } from './outcome.js';

/** Dispute: the patron objects to a whole fee. */
export const dispute: Action = {
  path: 'dispute',
  title: 'Dispute fine/fee',
  commandType: 'DisputeFee',
  buttons: [{ name: 'dispute', value: 'yes', label: 'Dispute' }],
  fields: (visit) => html`${feeField(visit)}${commentField(visit.values, visit.errors)}`,
  command: ({ values }) => ({ feeId: values.get('feeId') ?? '', ...optional(values, 'comment') }),
  next: ({ address }) => `${address}/fees`,
};

const ends = {
  feeStands: 'The fee stands',
  withdrawn: 'The patron withdraws the dispute',
  waive: 'The patron is right: waive what is owed',
  cancel: 'The patron is right: cancel the fee, and give back what was paid',
} as const;

/** Restore: the dispute ends, for or against the patron. */
export const restore: Action = {
  path: 'restore',
  title: 'Restore disputed fine/fee',
  commandType: 'ResolveDispute',
  buttons: [{ name: 'restore', value: 'yes', label: 'Restore' }],
  fields(visit) {
    const { values, request, errors } = visit;
    const chosen = values.get('end') ?? 'feeStands';
    const choices = Object.entries(ends).map(
      ([
        end,
        label,
      ]) => html`<p><input type="radio" id="${end}" name="end" value="${end}"${end === chosen && html` checked`}>
<label for="${end}">${label}</label></p>`,
    );
    const reasons = options(request.var.desk.policy.waiveReasons, values.get('reason'));
    return html`${feeField(visit)}<fieldset><legend>How does the dispute end?</legend>${choices}</fieldset>
<p><label for="reason">Waiving reason, if it is waived</label>
<select id="reason" name="reason"${invalid(errors, 'reason')}><option value="">Choose a reason</option>${reasons}</select>${fieldError(errors, 'reason')}</p>${commentField(values, errors)}`;
  },
  command({ values }) {
    const end = values.get('end') ?? '';
    const base = { feeId: values.get('feeId') ?? '', ...optional(values, 'comment') };
    if (end === 'cancel') return { ...base, outcome: 'patronUpheld', remedy: 'cancel' };
    if (end !== 'waive') return { ...base, outcome: end };
    return { ...base, outcome: 'patronUpheld', remedy: 'waive', reason: values.get('reason') ?? '' };
  },
  next: ({ address }) => `${address}/fees`,
};

/**
 * A lost item came back: what it cost is given back as the policy says. Policies ask no role for it, since circulation
 * computes it; here it is for those who charge fees.
 */
export const returnItem: Action = {
  path: 'return-item',
  title: 'Lost item returned',
  commandType: 'AssessFee',
  buttons: [{ name: 'return', value: 'yes', label: 'Returned' }],
  fields: (visit) => html`${feeField(visit)}${commentField(visit.values, visit.errors)}`,
  command: ({ values }) => ({
    ...{ type: 'ReturnLostItem', feeIds: values.getAll('feeId') },
    ...optional(values, 'comment'),
  }),
  confirmation: (visit, command) => outcome(visit, command, 'will be given back'),
  next: ({ address }) => `${address}/fees`,
};

/** The fee that the form is about. */
function feeField(visit: FormVisit): Html {
  const { values, account } = visit;
  const feeId = values.get('feeId') ?? '';
  const fee = findFee(account, feeId);
  if (fee === undefined) return html`<p class="warning">No fee is selected. Go back and select one.</p>`;
  return html`<input type="hidden" name="feeId" value="${feeId}">
<p><bdi>${feeName(visit, feeId)}</bdi>: <strong>${money(formatAmount(owed(fee), account.minorDigits), account.currency ?? '')}</strong> owed</p>`;
}
