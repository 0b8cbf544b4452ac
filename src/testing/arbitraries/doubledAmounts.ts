import type { AccountEvent } from '../../account/events/accountEvent.js';

/** Returns the event with all its amounts doubled. */
export function doubledAmounts(event: AccountEvent): AccountEvent {
  return JSON.parse(
    JSON.stringify(event, (key, value) => (key === 'amount' && isAmount(value) ? doubled(value) : value)),
  );
}

function isAmount(value: unknown): value is string {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
}

function doubled(amount: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const text = String(BigInt(amount.replace('.', '')) * 2n).padStart(decimals + 1, '0');
  return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
