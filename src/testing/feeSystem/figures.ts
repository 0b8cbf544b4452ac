import { unused } from '../../account/credit.js';
import { owed } from '../../account/fee.js';
import { balances, type PatronAccount } from '../../account/patronAccount.js';
import { formatAmount } from '../../money/money.js';
import type { FeeSystemBalances } from './feeSystem.js';

/** A named figure: a decimal string, or the text that a system shows instead. */
export type Figure = { readonly name: string; readonly shown: string };

/** Returns the figures of our account: owed for each fee, then the totals. */
export function ourFigures(account: PatronAccount, digits: number): readonly Figure[] {
  const figure = (name: string, minor: number) => ({ name, shown: formatAmount(minor, digits) });
  const credits = (purpose: 'refundable' | 'external') =>
    account.credits
      .filter((credit) => credit.purpose === purpose)
      .reduce((sum, credit) => sum + unused(credit), 0);
  const all = balances(account);
  const disputed = account.fees.filter((fee) => fee.disputed).reduce((sum, fee) => sum + owed(fee), 0);
  return [
    ...account.fees.map((fee) => figure(nameOfFee(fee.feeId), owed(fee))),
    figure('owed', all.owed),
    figure('disputed', disputed),
    figure('refundable', credits('refundable')),
    figure('external', credits('external')),
  ];
}

/** Returns the figures of a system under the same names. Omitted figures are left out and not compared. */
export function theirFigures(balances: FeeSystemBalances, feeIds: readonly string[]): readonly Figure[] {
  const shownFor = new Map<string, string[]>(feeIds.map((feeId) => [feeId, []]));
  for (const { feeId, owed } of balances.fees)
    shownFor.set(feeId, [...(shownFor.get(feeId) ?? []), String(owed)]);
  const { owed, disputed, refundable, external } = balances;
  return [
    ...[...shownFor].map(([feeId, shown]) => ({ name: nameOfFee(feeId), shown: shown.join(' and ') || '0' })),
    ...Object.entries({ owed, disputed, refundable, external })
      .filter(([, shown]) => shown !== undefined)
      .map(([name, shown]) => ({ name, shown: String(shown) })),
  ];
}

/** Returns whether two figures are the same amount, with or without trailing decimals. */
export function sameAmount(ours: string, theirs: string, digits: number): boolean {
  const minor = minorUnits(theirs, digits);
  return minor !== undefined && minor === minorUnits(ours, digits);
}

function minorUnits(text: string, digits: number): bigint | undefined {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  const decimals = match?.[3] ?? '';
  if (match === null || decimals.length > digits) return undefined;
  const minor = BigInt(`${match[2]}${decimals.padEnd(digits, '0')}`);
  return match[1] === '-' ? -minor : minor;
}

function nameOfFee(feeId: string): string {
  return `owed on ${feeId}`;
}
