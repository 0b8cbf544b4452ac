import type { Command } from '../../account/commands/command.js';
import { type Codes, MISSING } from './policyCodes.js';

/** Returns commands that no policy allows. */
export function misfits(
  base: { readonly id: string; readonly at: string },
  amount: string,
  feeId: string,
  codes: Codes,
): Command[] {
  const desk = { channel: 'desk', library: 'MAIN' } as const;
  const { id, at } = base;
  return [
    { ...base, type: 'AssessFee', feeType: MISSING, amount, owner: 'MAIN' },
    { ...base, type: 'AssessFee', feeType: codes.retired, amount, owner: 'MAIN' },
    { ...base, type: 'AssessFee', feeType: codes.notManual, amount, by: desk },
    { id, at, type: 'AssessFee', feeType: codes.ordinary(0), amount },
    { ...base, type: 'ReceivePayment', amount, method: MISSING },
    { ...base, type: 'WaiveFees', fees: [{ feeId }], reason: MISSING },
    { ...base, type: 'TransferFees', fees: [{ feeId }], destination: MISSING },
    { ...base, type: 'DisputeFee', feeId: '' },
  ];
}
