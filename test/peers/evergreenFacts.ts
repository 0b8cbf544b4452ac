import { balanceOf, type Fact, numbersIn, openFact, type Played, pay } from './fact.js';
import { dollars, mustAsk } from './ourDesk.js';

/** Opens an account with Evergreen's billings as fees. */
function openBillings({ given }: Fact) {
  const desk = openFact({ given }, given.prohibitNegativeOnLost === true ? 'all' : 'percent');
  for (const { type, amount, count = 1 } of given.billings ?? []) {
    const feeType = type === 'lost' ? 'LOST' : 'OVERDUE';
    for (let each = 0; each < count; each++) {
      mustAsk(desk, { type: 'AssessFee', feeType, amount: dollars(amount), owner: 'MAIN', loanId: 'loan' });
    }
  }
  return desk;
}

/** Pays if the operation asks for it, and checks the item in. */
const payAndCheckIn: Played = {
  play: (fact) => {
    const desk = openBillings(fact);
    const [cents] = numbersIn(fact.when.op);
    if (cents !== undefined) pay(desk, cents);
    const balanceAfterPay = balanceOf(desk);
    mustAsk(desk, { type: 'ReturnLostItem', loanId: 'loan' });
    return { ...(fact.id === 'E001' ? { balanceAfterPay } : {}), balance: balanceOf(desk) };
  },
};

/** The facts of Evergreen for which this library has a rule. */
export const evergreenFacts: Readonly<Record<string, Played>> = {
  E001: payAndCheckIn,
  E002: payAndCheckIn,
  E003: payAndCheckIn,
  E011: {
    play: (fact) => {
      const desk = openBillings(fact);
      pay(desk, numbersIn(fact.when.op)[0] ?? 0);
      const balanceAfterPay = balanceOf(desk);
      const open = desk.account().fees.filter((fee) => fee.paid < fee.original);
      mustAsk(desk, { type: 'WaiveFees', fees: open.map(({ feeId }) => ({ feeId })), reason: 'OTHER' });
      return { balanceAfterPay, balance: balanceOf(desk) };
    },
  },
};
