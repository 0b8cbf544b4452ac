import { html } from 'hono/html';
import type { Fault, Rejection } from 'patron-fees';
import type { Html } from './pages.js';
import { fieldTexts } from './refusalText.js';

/** What is wrong with the fields of a form: a sentence for each, by the id of the field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The fields in the order in which forms have them. */
const order = [
  ...['method', 'feeType', 'threshold', 'createdFrom', 'createdThrough', 'amount', 'destination'],
  ...['reason', 'comment', 'approver'],
];

function inOrder(errors: readonly (readonly [field: string, text: string])[]): FieldErrors {
  const place = ([field]: readonly [string, string]) => order.indexOf(field.replace(/\d+$/, ''));
  return Object.fromEntries([...errors].sort((a, b) => place(a) - place(b)));
}

/** The errors of a form that has a field for each faulty part. */
export function faultErrors(faults: readonly Fault[]): FieldErrors {
  const named = faults.map(({ path }) => path.split('.').at(-1) ?? '');
  return inOrder(named.flatMap((name) => (fieldTexts[name] ? [[name, fieldTexts[name]] as const] : [])));
}

/** The field that a rejection is about, if it is always the same one. */
const fieldOfRejection: Readonly<Record<string, string>> = {
  ...{ ReasonUnknown: 'reason', CommentRequired: 'comment', DestinationUnknown: 'destination' },
  ...{ PaymentExceedsOwed: 'amount', PaymentMethodUnknown: 'method', ApprovalRequired: 'approver' },
  ...{ FeeTypeUnknown: 'feeType', FeeTypeNotManual: 'feeType', FeeTypeRetired: 'feeType' },
  ...{ AmountExceedsCredit: 'amount', ApplicationExceedsOwed: 'amount', AccountTotalTooLarge: 'amount' },
};

/**
 * The errors of a form whose command was refused; empty if the refusal is about no field.
 *
 * @param text - the refusal in words
 * @param values - what was sent: a form about several fees has the amount of the nth one in the field `amount{n}`
 */
export function rejectionErrors(rejection: Rejection, text: string, values: URLSearchParams): FieldErrors {
  const feeIds = values.getAll('feeId');
  const perFee =
    values.getAll('amount').length === feeIds.length &&
    feeIds.length > 0 &&
    !values.has('method') &&
    !values.has('creditId');
  if (rejection.type === 'InvalidCommand') {
    const given = values.getAll('amount').flatMap((amount, at) => (amount.trim() === '' ? [] : [at]));
    const errors = rejection.faults.flatMap(({ path }) => {
      const name = path.split('.').at(-1) ?? '';
      const part = /^fees\[(\d+)\]/.exec(path)?.[1];
      const words = fieldTexts[name];
      if (words === undefined) return [];
      if (perFee && name === 'fees') return [['amount0', words] as const];
      return [[part === undefined ? name : `${name}${given[Number(part)] ?? part}`, words] as const];
    });
    return inOrder(errors);
  }
  const field = fieldOfRejection[rejection.type];
  if (field !== undefined) return { [field]: text };
  const at = 'feeId' in rejection && perFee ? feeIds.indexOf(String(rejection.feeId)) : -1;
  return at < 0 ? {} : { [`amount${at}`]: text };
}

/** The attributes of a field with an error; the first one of a page has the focus. */
export function invalid(errors: FieldErrors, id: string): Html | false {
  if (errors[id] === undefined) return false;
  const focus = Object.keys(errors)[0] === id && html` autofocus`;
  return html` aria-invalid="true" aria-describedby="${id}-error"${focus}`;
}

/** The error of a field, below it. */
export function fieldError(errors: FieldErrors, id: string): Html | false {
  return errors[id] !== undefined && html` <span class="error" id="${id}-error">${errors[id]}</span>`;
}

/** The summary of a form's errors: each leads to its field. */
export function errorSummary(errors: FieldErrors): Html {
  const links = Object.entries(errors).map(([id, text]) => html`<li><a href="#${id}">${text}</a></li>`);
  return html`<p>Nothing was done. ${links.length === 1 ? 'One field is' : `${links.length} fields are`} not right:</p><ul>${links}</ul>`;
}
