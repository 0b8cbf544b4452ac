import { html } from 'hono/html';
import { findFee, formatAmount, owed } from 'patron-fees';
import type { Action, FormVisit } from '../action.js';
import { fieldError, invalid } from '../fieldErrors.js';
import { type Html, options } from '../pages.js';
import { feeName } from '../recordedText.js';
import { amounts, table } from '../table.js';
import { creditFields, creditPart } from './credits.js';
import { commentField, optional } from './money.js';
import { outcome } from './outcome.js';

/** Waive: one fee, or the selected ones. */
export const waive: Action = {
  path: 'waive',
  title: 'Waiving Fine/Fee',
  commandType: 'WaiveFees',
  buttons: [{ name: 'waive', value: 'yes', label: 'Waive' }],
  fields(visit) {
    const { values, request, errors } = visit;
    const { waiveReasons } = request.var.desk.policy;
    return html`${partFields(visit, 'Fee amount')}
<p><label for="reason">Waiving reason</label>
<select id="reason" name="reason"${invalid(errors, 'reason')}><option value="">Choose a reason</option>${options(waiveReasons, values.get('reason'))}</select>${fieldError(errors, 'reason')}</p>
${commentField(values, errors)}
<p><label for="staffNote">Note for staff (patrons never see it)</label>
<textarea id="staffNote" name="staffNote" rows="2"${invalid(errors, 'staffNote')}>${values.get('staffNote')}</textarea>${fieldError(errors, 'staffNote')}</p>`;
  },
  command: (visit) => ({
    fees: partsOf(visit),
    reason: visit.values.get('reason') ?? '',
    ...optional(visit.values, 'comment'),
    ...optional(visit.values, 'staffNote'),
  }),
  confirmation: (visit, command) => outcome(visit, command, 'will be waived'),
  next: ({ address }) => `${address}/fees`,
};

/** Transfer: one fee, or the selected ones, to the bursar. */
export const transfer: Action = {
  path: 'transfer',
  title: 'Transfer to an external system',
  commandType: 'TransferFees',
  buttons: [{ name: 'transfer', value: 'yes', label: 'Transfer' }],
  fields: (
    visit,
  ) => html`${visit.values.has('creditId') ? creditFields(visit, 'Amount to transfer') : partFields(visit, 'Amount to transfer')}
<p><label for="destination">Destination</label> <select id="destination" name="destination"${invalid(visit.errors, 'destination')}>${options(
    visit.request.var.desk.policy.destinations,
    visit.values.get('destination'),
  )}</select>${fieldError(visit.errors, 'destination')}</p>
${commentField(visit.values, visit.errors)}`,
  command: (visit) => ({
    ...(visit.values.has('creditId') ? { credits: [creditPart(visit)] } : { fees: partsOf(visit) }),
    ...optional(visit.values, 'destination'),
    ...optional(visit.values, 'comment'),
  }),
  confirmation: (visit, command) => outcome(visit, command, 'will be transferred'),
  next: ({ address }) => `${address}/fees`,
};

/** A field for the amount of each selected fee. */
function partFields(visit: FormVisit, label: string): Html {
  const { values, account, errors } = visit;
  const feeIds = values.getAll('feeId');
  if (feeIds.length === 0)
    return html`<p class="warning">No fee is selected. Go back and select at least one.</p>`;
  const rows = feeIds.map((feeId, index) => {
    const fee = findFee(account, feeId);
    const name = feeName(visit, feeId);
    // What was transferred can be waived, too: then the student system gets a credit.
    const due = fee ? formatAmount(owed(fee) || fee.transferPending, account.minorDigits) : '';
    const id = `amount${index}`;
    const field = html`<input type="hidden" name="feeId" value="${feeId}"><input id="${id}" name="amount" inputmode="decimal"
value="${values.getAll('amount')[index] ?? due}" aria-label="${label}, ${name}" class="amount" autocomplete="off"${invalid(errors, id)}>${fieldError(errors, id)}`;
    return [html`<bdi>${name}</bdi>`, due, field];
  });
  const columns = [{ name: 'Fine or fee', head: true }, ...amounts('Owed', label)];
  return table(`Selected, in ${account.currency}`, columns, rows);
}

/** The selected fees with their amounts, without those whose amount is empty. */
function partsOf({ values }: FormVisit): object[] {
  const amounts = values.getAll('amount').map((amount) => amount.trim());
  return values.getAll('feeId').flatMap((feeId, index) => {
    const amount = amounts[index];
    return amount === '' ? [] : [{ feeId, ...(amount !== undefined && { amount }) }];
  });
}
