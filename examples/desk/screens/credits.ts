import { html } from 'hono/html';
import { findCredit, formatAmount, owed, unused } from 'patron-fees';
import type { Action, FormVisit } from '../action.js';
import { fieldError, invalid } from '../fieldErrors.js';
import { type Html, money, options } from '../pages.js';
import { feeName } from '../recordedText.js';
import { amountField, commentField, optional, text, textField } from './money.js';
import { outcome } from './outcome.js';

/** Apply a credit: it pays one fee, or all that can be paid. */
export const applyCredit: Action = {
  path: 'apply-credit',
  title: 'Apply credit',
  commandType: 'ApplyCredit',
  buttons: [{ name: 'apply', value: 'yes', label: 'Apply' }],
  fields(visit) {
    const { account, values } = visit;
    const open = account.fees.filter((fee) => owed(fee) > 0 && !fee.disputed);
    const names = Object.fromEntries(
      open.map((fee) => [
        fee.feeId,
        `${feeName(visit, fee.feeId)}: ${formatAmount(owed(fee), account.minorDigits)}`,
      ]),
    );
    return html`${creditFields(visit, 'Amount to apply')}
<p><label for="feeId">Fine or fee</label> <select id="feeId" name="feeId"${invalid(visit.errors, 'feeId')}>
<option value="">All that can be paid, the oldest first</option>${options(names, values.get('feeId'))}</select>${fieldError(visit.errors, 'feeId')}</p>
${commentField(values, visit.errors)}`;
  },
  command: (visit) => {
    const feeId = text(visit.values, 'feeId');
    return { ...creditPart(visit), ...(feeId && { feeIds: [feeId] }), ...optional(visit.values, 'comment') };
  },
  confirmation: (visit, command) => outcome(visit, command, 'will be applied'),
  next: ({ address }) => `${address}/fees`,
};

/** Refund a credit: the money is handed back to the patron. */
export const refundCredit: Action = {
  path: 'refund-credit',
  title: 'Refund credit',
  commandType: 'RefundCredit',
  buttons: [{ name: 'refund', value: 'yes', label: 'Refund' }],
  fields: (visit) => html`${creditFields(visit, 'Amount to refund')}
<p><label for="method">Payment method</label> <select id="method" name="method"${invalid(visit.errors, 'method')}>${options(
    visit.request.var.desk.policy.paymentMethods,
    visit.values.get('method') ?? 'CASH',
  )}</select>${fieldError(visit.errors, 'method')}</p>
${textField('Reference (check or slip number)', 'reference', visit.values, visit.errors)}
${commentField(visit.values, visit.errors)}`,
  command: (visit) => ({
    ...creditPart(visit),
    method: visit.values.get('method') ?? '',
    ...optional(visit.values, 'reference'),
    ...optional(visit.values, 'comment'),
  }),
  confirmation: (visit, command) => outcome(visit, command, 'will be refunded'),
  next: ({ address }) => `${address}/fees`,
};

/** The credit that a form is about, and a field for the amount. */
export function creditFields({ values, account, errors }: FormVisit, label: string): Html {
  const creditId = values.get('creditId') ?? '';
  const credit = findCredit(account, creditId);
  if (credit === undefined)
    return html`<p class="warning">No credit is selected. Go back and select one.</p>`;
  const left = formatAmount(unused(credit), account.minorDigits);
  const currency = account.currency ?? '';
  return html`<input type="hidden" name="creditId" value="${creditId}">
<p>Credit: <strong>${money(left, currency)}</strong> unused</p>
${amountField(label, 'amount', values.get('amount') ?? left, currency, errors)}`;
}

/** The credit and the amount of a form. */
export function creditPart({ values }: FormVisit): object {
  return { creditId: values.get('creditId') ?? '', ...optional(values, 'amount') };
}
