import { html } from 'hono/html';
import type { Fault, Rejection } from 'patron-fees';
import type { Html } from './pages.js';
import { fieldTexts } from './refusalText.js';

/** What is wrong with the fields of a form: a sentence for each, by the id of the field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The fields in the order in which forms have them. */
const order = [
  ...['method', 'feeType', 'threshold', 'createdFrom', 'createdThrough', 'destination', 'minimumAmount'],
  ...[
    'minimumAgeDays',
    'amount',
    'owner',
    'feeId',
    'barcode',
    'title',
    'reference',
    'reason',
    'comment',
    'staffNote',
  ],
  ...['approver'],
];

function inOrder(errors: readonly (readonly [field: string, text: string])[]): FieldErrors {
  const place = ([field]: readonly [string, string]) => order.indexOf(field.replace(/\d+$/, ''));
  return Object.fromEntries([...errors].sort((a, b) => place(a) - place(b)));
}

/** What is wrong with the first and the last day of a period, by field; an empty day is no limit. */
export function periodErrors(from: string, to: string): FieldErrors {
  const errors = Object.entries({ from, to }).flatMap(([id, date]) =>
    date === '' || isDate(date) ? [] : [[id, `“${date}” is not a date such as 2026-03-31.`] as const],
  );
  if (errors.length > 0) return Object.fromEntries(errors);
  const isTurned = from !== '' && to !== '' && from > to;
  return isTurned ? { to: 'The last day must be no earlier than the first.' } : {};
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`);
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
  if (rejection.type === 'LooksLikeCardNumber') return { [rejection.field]: text };
  const field = fieldOfRejection[rejection.type];
  if (field !== undefined) return { [field]: text };
  if (!('feeId' in rejection)) return {};
  // A credit is used for a fee that is chosen from a list.
  if (values.has('creditId')) return { feeId: text };
  const at = perFee ? feeIds.indexOf(String(rejection.feeId)) : -1;
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
