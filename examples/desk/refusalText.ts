import { type Fault, type Rejection, rejectionText } from 'patron-fees';
import type { BulkWaiveRefusal } from 'patron-fees/jobs';
import { type Role, roleLabels } from './staff.js';

/** What the desk says where the policy takes no payments. */
export const NO_PAYMENTS = 'Fines are paid in the student system. No payments are taken here.';

/**
 * Why the library refuses something, in the words of the screens: their fields, and fees and roles as people name them.
 *
 * @param nameOf - the name of a fee, a credit, a payment or anything else that has an id; the id if left out
 */
export function refusalText(
  refusal: Rejection | BulkWaiveRefusal,
  nameOf: (id: string) => string = String,
): string {
  if (refusal.type === 'ActorLacksRole') return `This needs the role ${labelOf(refusal.role)}.`;
  if (refusal.type === 'InvalidCommand') return faultsText(refusal.faults) ?? rejectionText(refusal);
  if (refusal.type === 'ReasonUnknown' && !refusal.reason) return fieldTexts.reason ?? '';
  if (
    refusal.type === 'NotPermitted' &&
    refusal.commandType === 'ReceivePayment' &&
    refusal.needs.length === 0
  )
    return NO_PAYMENTS;
  if (refusal.type === 'NotPermitted')
    return rejectionText({ ...refusal, needs: refusal.needs.map(labelOf) });
  if (refusal.type === 'ApprovalRequired')
    return rejectionText({ ...refusal, roles: refusal.roles.map(labelOf) });
  const named = Object.entries(refusal).map(([field, value]) =>
    namedFields.has(field) && typeof value === 'string' ? [field, nameOf(value)] : [field, value],
  );
  return rejectionText(Object.fromEntries(named) as Rejection);
}

/** The fields of a refusal that are ids in the account. */
const namedFields: ReadonlySet<string> = new Set([
  ...['id', 'feeId', 'creditId', 'paymentId', 'waiverId', 'transferId', 'applicationId', 'refundId'],
]);

/** What is wrong with the fields of a form; undefined if it is something else. */
export function faultsText(faults: readonly Fault[]): string | undefined {
  const texts = faults.map(({ path }) => fieldTexts[path.split('.').at(-1) ?? '']);
  return texts.includes(undefined) ? undefined : [...new Set(texts)].join(' ');
}

/** What to do about a field, by the last part of its path. */
export const fieldTexts: Readonly<Record<string, string>> = {
  amount: 'Enter an amount such as 12.50.',
  threshold: 'Enter a threshold such as 12.50, or nothing for no limit.',
  method: 'Choose a payment method.',
  feeType: 'Choose a fee type.',
  owner: 'Choose a fee owner.',
  reason: 'Choose a reason.',
  fees: 'Select at least one fee, and enter its amount.',
  feeId: 'Select a fee.',
  creditId: 'Select a credit.',
  minimumAmount: 'Enter a minimum amount such as 5.00, or nothing.',
  minimumAgeDays: 'Enter a number of days such as 7, or nothing.',
  comment: 'Shorten the comment.',
  staffNote: 'Shorten the note.',
  reference: 'Shorten the reference.',
  title: 'Shorten the title.',
  barcode: 'Shorten the barcode.',
  createdFrom: 'Enter the first day as in 2026-03-31, or nothing.',
  createdThrough: 'Enter the last day as in 2026-03-31, no earlier than the first, or nothing.',
};

function labelOf(role: string): string {
  return roleLabels[role as Role] ?? role;
}
