/** The stories of the explorer, as JSON lines: one for each topic of the guides. */
export const stories: Readonly<Record<string, { readonly title: string; readonly lines: string }>> = {
  pay: {
    title: 'A fee is paid in parts, and a cheque bounces',
    lines: written([
      { type: 'AssessFee', id: 'fee-1', feeType: 'OVERDUEFINE', amount: '12.50', owner: 'MAIN' },
      { type: 'AssessFee', id: 'fee-2', feeType: 'CARDRENEWAL', amount: '5.00', owner: 'LAW' },
      { type: 'ReceivePayment', id: 'cash-1', amount: '4.50', method: 'CASH' },
      { type: 'ReceivePayment', id: 'too-much', amount: '20.00', method: 'CASH' },
      { type: 'ReceivePayment', id: 'cheque-1', amount: '13.00', method: 'CHECK', reference: '000417' },
      { type: 'ReversePayment', id: 'bounced-1', paymentId: 'cheque-1', comment: 'Returned by the bank' },
    ]),
  },
  waive: {
    title: 'Waive selected fees, and undo one waiver',
    lines: written([
      { type: 'AssessFee', id: 'fee-1', feeType: 'OVERDUEFINE', amount: '3.00', owner: 'MAIN' },
      { type: 'AssessFee', id: 'fee-2', feeType: 'DAMAGEDITEMFINE', amount: '18.25', owner: 'MAIN' },
      {
        type: 'WaiveFees',
        id: 'waiver-1',
        fees: [{ feeId: 'fee-1' }, { feeId: 'fee-2', amount: '8.25' }],
        reason: 'OTHER',
      },
      { type: 'WaiveFees', id: 'waiver-2', fees: [{ feeId: 'fee-2', amount: '10.01' }], reason: 'OTHER' },
      { type: 'ReverseWaiver', id: 'undo-1', waiverId: 'waiver-1' },
    ]),
  },
  lost: {
    title: 'A lost book is charged, waived in part, paid, and comes back',
    lines: written([
      { type: 'AssessFee', id: 'book', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '60.00', owner: 'MAIN' },
      { type: 'AssessFee', id: 'process', feeType: 'LOSTITEMPROCESSFEE', amount: '12.00', owner: 'MAIN' },
      {
        type: 'WaiveFees',
        id: 'waiver-1',
        fees: [{ feeId: 'book', amount: '45' }],
        reason: 'LOST_ITEM_FOUND',
      },
      { type: 'ReceivePayment', id: 'cash-1', amount: '27.00', method: 'CASH' },
      { type: 'ReturnLostItem', id: 'return-1', feeIds: ['book'] },
      { type: 'RefundCredit', id: 'refund-1', creditId: 'return-1#1', method: 'CASH' },
    ]),
  },
  dispute: {
    title: 'A fee is disputed, and the patron is right',
    lines: written([
      { type: 'AssessFee', id: 'fee-1', feeType: 'DAMAGEDITEMFINE', amount: '18.25', owner: 'MAIN' },
      { type: 'DisputeFee', id: 'dispute-1', feeId: 'fee-1', comment: 'It was damaged before' },
      { type: 'ReceivePayment', id: 'cash-1', amount: '18.25', method: 'CASH', feeIds: ['fee-1'] },
      { type: 'ResolveDispute', id: 'end-1', feeId: 'fee-1', outcome: 'patronUpheld', remedy: 'cancel' },
    ]),
  },
  transfer: {
    title: 'A fee goes to the bursar, is paid there, and the payment bounces',
    lines: written(
      [
        { type: 'AssessFee', id: 'fee-1', feeType: 'OVERDUEFINE', amount: '40.00', owner: 'MAIN' },
        { type: 'TransferFees', id: 'batch-1', fees: [{ feeId: 'fee-1' }], destination: 'BANNER' },
        { type: 'SettleTransfer', id: 'paid-1', transferId: 'batch-1', amount: '45.00' },
        { type: 'ReverseSettlement', id: 'bounced-1', settlementId: 'paid-1' },
        { type: 'RecallTransfer', id: 'recall-1', transferId: 'batch-1' },
      ],
      {
        currency: 'USD',
        destinations: { BANNER: 'Student accounts' },
        transfers: { expectsSettlement: true },
      },
    ),
  },
  growing: {
    title: 'A fine grows, is paid, and is lowered after a closing',
    lines: written(
      ['100', '150', '160', '50', '30'].flatMap((total, night) => [
        {
          type: 'AccrueFine',
          id: `night-${night + 1}`,
          feeId: 'fine',
          feeType: 'OVERDUEFINE',
          total,
          owner: 'MAIN',
        },
        ...(night === 1
          ? [{ type: 'ReceivePayment', id: 'cash-1', amount: '40', method: 'CASH', feeIds: ['fine'] }]
          : []),
      ]),
    ),
  },
};

/** A story as JSON lines: its policy, then a command a day. */
function written(commands: readonly object[], policy: object = { currency: 'USD' }): string {
  const days = commands.map((command, day) => ({
    ...command,
    at: `2026-03-${String(day + 2).padStart(2, '0')}T09:00:00Z`,
  }));
  return [{ policy }, ...days].map((line) => JSON.stringify(line)).join('\n');
}
