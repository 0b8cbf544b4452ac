import { type Fault, type Rejection, rejectionText } from 'patron-fees';
import type { BulkWaiveRefusal } from 'patron-fees/institution';
import { type Role, roleLabels } from './staff.js';

/** Why the library refuses something, in the words of the screens: their fields, and the roles as people read them. */
export function refusalText(refusal: Rejection | BulkWaiveRefusal): string {
  if (refusal.type === 'ActorLacksRole') return `This needs the role ${labelOf(refusal.role)}.`;
  if (refusal.type === 'InvalidCommand') return faultsText(refusal.faults) ?? rejectionText(refusal);
  if (refusal.type !== 'NotPermitted') return rejectionText(refusal);
  return rejectionText({ ...refusal, needs: refusal.needs.map(labelOf) });
}

/** What is wrong with the fields of a form; undefined if it is something else. */
export function faultsText(faults: readonly Fault[]): string | undefined {
  const texts = faults.map(({ path }) => fieldTexts[path.split('.').at(-1) ?? '']);
  return texts.includes(undefined) ? undefined : [...new Set(texts)].join(' ');
}

const fieldTexts: Readonly<Record<string, string>> = {
  amount: 'Enter an amount such as 12.50.',
  threshold: 'Enter a threshold such as 12.50, or nothing for no limit.',
  method: 'Choose a payment method.',
  feeType: 'Choose a fee type.',
  reason: 'Choose a reason.',
  fees: 'Select at least one fee, and enter its amount.',
  feeId: 'Select a fee.',
};

function labelOf(role: string): string {
  return roleLabels[role as Role] ?? role;
}
