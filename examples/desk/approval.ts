import { html } from 'hono/html';
import type { ApprovalRequired, Approver } from 'patron-fees';
import { type FieldErrors, fieldError, invalid } from './fieldErrors.js';
import { type Html, money, options } from './pages.js';
import { type Staff, staff } from './staff.js';

/**
 * Asks for the second person, who approves the amount that is shown, and is asked again if the form comes to more. A real
 * desk lets that person sign in.
 */
export function approvalFields(
  { user, errors }: { readonly user: Staff; readonly errors: FieldErrors },
  currency: string,
  { amount, approvedUpTo, roles }: ApprovalRequired,
): Html {
  const able = staff.filter(
    (one) => one.userId !== user.userId && one.roles.some((role) => roles.includes(role)),
  );
  const names = Object.fromEntries(able.map(({ userId, name }) => [userId, name]));
  const shown = (text: string) => money(text, currency);
  return html`<fieldset><legend>Approval of ${shown(amount)}</legend>
${approvedUpTo !== null && html`<p>${shown(approvedUpTo)} was approved; the form now comes to ${shown(amount)}.</p>`}
<input type="hidden" name="upTo" value="${amount}">
<p><label for="approver">Approved by</label> <select id="approver" name="approver"${invalid(errors, 'approver')}>
<option value="">Choose</option>${options(names, null)}</select>${fieldError(errors, 'approver')}</p></fieldset>`;
}

/** The second person of a form. */
export function approverIn(values: URLSearchParams): Staff | undefined {
  return staff.find(({ userId }) => userId === values.get('approver'));
}

/** What the second person of a form approves; nothing without one. */
export function approvalOf(values: URLSearchParams): { readonly approvedBy?: Approver } {
  const approver = approverIn(values);
  const upTo = values.get('upTo');
  if (approver === undefined) return {};
  return { approvedBy: { userId: approver.userId, roles: approver.roles, ...(upTo && { upTo }) } };
}
