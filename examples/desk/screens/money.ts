import { html } from 'hono/html';
import { type FeePolicy, findFee, formatAmount, owed } from 'patron-fees';
import { summary } from 'patron-fees/views';
import type { Action, FormVisit } from '../action.js';
import { libraries } from '../desk.js';
import { type FieldErrors, fieldError, invalid } from '../fieldErrors.js';
import { counted, feeTypeLabels, type Html, money, options } from '../pages.js';
import { feeName } from '../recordedText.js';

/** Whether fines are paid at this desk, and not in another system alone. */
export function paymentsAreTaken(policy: FeePolicy): boolean {
  return policy.onlinePayments !== false;
}

/** Pay: all that can be paid, or the fees that were selected. */
export const pay: Action = {
  path: 'pay',
  title: 'Payment Details',
  commandType: 'ReceivePayment',
  buttons: [{ name: 'send', value: 'yes', label: 'Send' }],
  fields(visit) {
    const { values, account, request, errors } = visit;
    const { policy } = request.var.desk;
    const named = values.getAll('feeId');
    const isLeftOut = (feeId: string) => leftOut(visit, feeId) !== undefined;
    const payableOnes = named.filter((feeId) => !isLeftOut(feeId));
    // If nothing can be paid, the form still names its fees: it must not pay all others.
    const chosen = payableOnes.length > 0 ? payableOnes : named;
    const { payable, currency } = summary(account, policy);
    const due = chosen.length === 0 ? payable : owedOn(visit, chosen);
    return html`${chosen.map((feeId) => html`<input type="hidden" name="feeId" value="${feeId}">`)}
${named.map((feeId) => leftOut(visit, feeId))}
<p>${chosen.length === 0 ? 'All fees that can be paid, the oldest first' : `${counted(chosen.length, 'fee')} selected`}:
<strong>${money(due, currency)}</strong></p>
<p><label for="method">Payment method</label>
<select id="method" name="method"${invalid(errors, 'method')}>${options(policy.paymentMethods, values.get('method') ?? 'CASH')}</select>${fieldError(errors, 'method')}</p>
${amountField('Payment amount', 'amount', values.get('amount') ?? due, currency, errors)}
${textField('Reference (check or slip number)', 'reference', values, errors)}
<details${text(values, 'amount2') && html` open`}><summary>A part by another method</summary>
<p><label for="method2">Second method</label>
<select id="method2" name="method2">${options(policy.paymentMethods, values.get('method2') ?? 'CREDIT_CARD')}</select></p>
${amountField('Amount by the second method', 'amount2', values.get('amount2') ?? '', currency, errors)}
${textField('Check or slip number of this part', 'reference2', values, errors)}
<p>Lower the amount above by it. One receipt has both.</p></details>
<p><input type="checkbox" id="rest" name="rest" value="credit"${values.has('rest') && html` checked`}>
<label for="rest">Keep what is more than owed as a credit</label></p>
${commentField(values, errors)}`;
  },
  command({ values }) {
    const feeIds = values.getAll('feeId');
    return {
      method: values.get('method') ?? '',
      amount: text(values, 'amount') ?? '',
      ...(feeIds.length > 0 && { feeIds }),
      ...(values.get('rest') === 'credit' && { overpayment: 'credit' }),
      ...optional(values, 'reference'),
      ...optional(values, 'comment'),
    };
  },
  // One receipt has both payments.
  second({ values }) {
    const amount = text(values, 'amount2');
    if (amount === undefined) return undefined;
    const { reference2: reference } = optional(values, 'reference2');
    const { reference: _, ...first } = pay.command({ values } as FormVisit) as Record<string, unknown>;
    return { ...first, method: values.get('method2') ?? '', amount, ...(reference && { reference }) };
  },
  next: ({ address }) => address,
};

/** The fee type with which Alma offers a credit. */
const CREDIT = { CREDIT: 'Credit' };

/** Add a fine or fee, or a credit, as in Alma; "Add" stays for another one. */
export const addFee: Action = {
  path: 'add-fee',
  title: 'Add Fine or Fee',
  commandType: 'AssessFee',
  otherTypes: ['IssueCredit'],
  buttons: [
    { name: 'then', value: 'another', label: 'Add' },
    { name: 'then', value: 'close', label: 'Add and Close' },
  ],
  fields({ values, request, user, may, errors }) {
    const { policy } = request.var.desk;
    const credit = may('IssueCredit');
    const types = { ...feeTypeLabels(policy, 'manual'), ...(credit && CREDIT) };
    const reason =
      credit &&
      html`<p><label for="reason">Reason, for the type Credit</label> <select id="reason" name="reason"${invalid(errors, 'reason')}>
<option value="">Choose a reason</option>${options(policy.creditReasons, values.get('reason'))}</select>${fieldError(errors, 'reason')}</p>`;
    return html`<p><label for="feeType">Fee Type (required)</label>
<select id="feeType" name="feeType"${invalid(errors, 'feeType')}>${options(types, values.get('feeType'))}</select>${fieldError(errors, 'feeType')}</p>
${amountField('Fee Amount (required)', 'amount', values.get('amount') ?? '', policy.currency, errors)}
<p><label for="owner">Fee owner</label>
<select id="owner" name="owner"${invalid(errors, 'owner')}>${options(libraries, values.get('owner') ?? user.library)}</select>${fieldError(errors, 'owner')}</p>
${textField('Item barcode', 'barcode', values, errors)}
${textField('Item title', 'title', values, errors)}
${reason}
${commentField(values, errors)}`;
  },
  command({ values }) {
    const item = { ...optional(values, 'barcode'), ...optional(values, 'title') };
    const feeType = values.get('feeType') ?? '';
    // The library refuses the empty owner that stands for one that is not in the list.
    const owner = text(values, 'owner');
    const credit = { type: 'IssueCredit', cause: 'manual', reason: values.get('reason') ?? '' };
    return {
      ...(feeType === 'CREDIT' ? credit : { feeType }),
      amount: text(values, 'amount') ?? '',
      ...(owner !== undefined && { owner: Object.hasOwn(libraries, owner) ? owner : '' }),
      ...(Object.keys(item).length > 0 && { item }),
      ...optional(values, 'comment'),
    };
  },
  next: ({ address, values, request }) =>
    values.get('then') === 'another' ? `${address}/add-fee/${request.var.desk.newId()}` : `${address}/fees`,
};

/** Why a fee cannot be paid now; undefined if it can. */
function leftOut(visit: FormVisit, feeId: string): Html | undefined {
  const { account, address, may, request } = visit;
  const fee = findFee(account, feeId);
  if (fee === undefined || (owed(fee) > 0 && !fee.disputed)) return undefined;
  const name = html`<bdi>${feeName(visit, feeId)}</bdi>`;
  const amount = (minor: number) => money(formatAmount(minor, account.minorDigits), account.currency ?? '');
  if (fee.disputed)
    return html`<p class="warning">Left out, because it is disputed: ${name}, ${amount(owed(fee))}.</p>`;
  const transfer = account.transfers.filter((one) => one.feeId === feeId && one.recalled < one.amount).at(-1);
  if (transfer === undefined) return html`<p class="warning">Nothing is owed here: ${name}.</p>`;
  const { destinations } = request.var.desk.policy;
  const place = (transfer.destination && destinations[transfer.destination]) || 'another system';
  return html`<p class="warning">Left out, because it is paid in ${place}: ${name}, ${amount(fee.transferPending)}.
${may('RecallTransfer') && html`To take the money here, <a href="${address}/undo?of=${encodeURIComponent(transfer.transferId)}">undo the transfer</a> first.`}</p>`;
}

/** The sum of what is owed on fees. */
function owedOn({ account }: FormVisit, feeIds: readonly string[]): string {
  const amounts = account.fees.map((fee) => (feeIds.includes(fee.feeId) ? owed(fee) : 0));
  return formatAmount(
    amounts.reduce((sum, amount) => sum + amount, 0),
    account.minorDigits,
  );
}

/** A field for an amount. What was typed stays, even if it was refused. */
export function amountField(
  label: string,
  name: string,
  value: string,
  currency: string,
  errors: FieldErrors = {},
): Html {
  return html`<p><label for="${name}">${label}, ${currency}</label>
<input id="${name}" name="${name}" value="${value}" inputmode="decimal" autocomplete="off" class="amount"${invalid(errors, name)}>${fieldError(errors, name)}</p>`;
}

/** A field for a line of text. */
export function textField(label: string, name: string, values: URLSearchParams, errors: FieldErrors): Html {
  return html`<p><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${values.get(name)}" autocomplete="off"${invalid(errors, name)}>${fieldError(errors, name)}</p>`;
}

/** The comment that patrons can see. */
export function commentField(values: URLSearchParams, errors: FieldErrors = {}): Html {
  return html`<p><label for="comment">Comment (the patron can see it)</label>
<textarea id="comment" name="comment" rows="2"${invalid(errors, 'comment')}>${values.get('comment')}</textarea>${fieldError(errors, 'comment')}</p>`;
}

/** A field's text without blanks around it; undefined if nothing was entered. */
export function text(values: URLSearchParams, name: string): string | undefined {
  return values.get(name)?.trim() || undefined;
}

/** A field of a command that is left out if nothing was entered. */
export function optional<Name extends string>(
  values: URLSearchParams,
  name: Name,
): { readonly [N in Name]?: string } {
  const entered = text(values, name);
  return (entered === undefined ? {} : { [name]: entered }) as { readonly [N in Name]?: string };
}
