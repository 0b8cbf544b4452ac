import type { Command } from '../../account/commands/command.js';
import { owed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Payment } from '../../account/records.js';
import { type PaymentOrder, paymentOrders } from '../../policy/paymentOrder.js';
import { type Choices, MISSING } from './policyCodes.js';

/** The kinds of moves that bring money in. */
export type PaymentMove = 'pay' | 'payWhole' | 'payAll' | 'payAllocated' | 'overpay' | 'payPart' | 'payAgain';

/** Returns the command of a payment move. */
export function paymentMove(kind: PaymentMove, choices: Choices): Command {
  const { move, account, codes, amount, money, chosen, fee, two, payable, base } = choices;
  const { flag, other } = move;
  switch (kind) {
    case 'pay':
      return {
        ...base,
        type: 'ReceivePayment',
        amount,
        method: codes.method(0),
        feeIds: two(payable),
        ...(flag ? { overpayment: 'credit' } : {}),
      };
    case 'payWhole': {
      const row = fee(payable);
      const whole = row === undefined ? amount : money(owed(row));
      return {
        ...base,
        type: 'ReceivePayment',
        amount: whole,
        method: codes.method(other),
        feeIds: [row?.feeId ?? MISSING],
      };
    }
    case 'payAll':
      return {
        ...base,
        type: 'ReceivePayment',
        amount,
        method: codes.method(0),
        order: paymentOrders[move.pick % paymentOrders.length] as PaymentOrder,
      };
    case 'payAllocated': {
      const allocations = two(payable).map((name) => ({ feeId: name, amount }));
      const total = money(move.amount * allocations.length + (other % 4 === 0 ? 5 : 0));
      const overpayment = flag ? 'credit' : 'refuse';
      return {
        ...base,
        type: 'ReceivePayment',
        amount: total,
        method: codes.method(other),
        allocations,
        overpayment,
      };
    }
    case 'overpay': {
      const external = flag ? { externalTransactionId: `x${other % 4}` } : {};
      return {
        ...base,
        type: 'ReceivePayment',
        amount,
        method: codes.method(3),
        overpayment: 'credit',
        ...external,
      };
    }
    case 'payPart': {
      const row = fee(payable);
      const isRest = other % 4 === 3;
      const externalTransactionId = `x${other % 3}`;
      const total = totalOf(account, externalTransactionId) ?? move.amount * (1 + (other % 5));
      const said = [
        {},
        { externalTransactionTotal: money(total) },
        { part: isRest ? 'rest' : 'whole' } as const,
      ];
      return {
        ...base,
        type: 'ReceivePayment',
        amount: flag && row !== undefined ? money(owed(row)) : amount,
        method: codes.method(3),
        externalTransactionId,
        overpayment: 'credit',
        ...said[move.pick % 3],
        ...(isRest ? {} : { feeIds: [row?.feeId ?? MISSING] }),
      };
    }
    case 'payAgain': {
      const payment = chosen(account.payments, (row) => row.externalTransactionId !== null);
      const isPart = (row: Payment) => row.externalTransactionId === payment?.externalTransactionId;
      const reported = other % 3 === 0 ? account.payments.filter(isPart) : [payment];
      const named = payment?.feesNamed ?? [];
      const total = totalOf(account, payment?.externalTransactionId ?? null);
      return {
        ...base,
        type: 'ReceivePayment',
        amount: money(reported.reduce((sum, row) => sum + (row?.amount ?? 0), 0)),
        method: payment?.method ?? codes.method(3),
        externalTransactionId: payment?.externalTransactionId ?? 'x0',
        overpayment: 'credit',
        ...(total === null || flag ? {} : { externalTransactionTotal: money(total) }),
        ...(named.length === 0 || other % 3 === 0 ? {} : { feeIds: named }),
      };
    }
  }
}

/** Returns the total of an external transaction as a payment of it said it; null if none did. */
function totalOf({ payments }: PatronAccount, id: string | null): number | null {
  const part = payments.find(
    (row) => row.externalTransactionId === id && row.externalTransactionTotal !== null,
  );
  return part?.externalTransactionTotal ?? null;
}
