import { type Command, type Decision, fold, type PatronAccount } from '../../src/index.js';

/** Returns the closing rules of src/account/closing.ts that added events to a decision, by the events that they add. */
export function closingRules(command: Command, decision: Decision, before: PatronAccount): readonly number[] {
  const { type } = command;
  const after = decision.events.length === 0 ? before : fold(decision.events, before);
  const purposeOf = (creditId: string) =>
    after.credits.find((credit) => credit.creditId === creditId)?.purpose;
  const rules = decision.events.map((event) => {
    switch (event.type) {
      case 'CreditApplied':
        if (type === 'ApplyCredit' || type === 'TransferFees') return 0;
        return purposeOf(event.data.creditId) === 'setOff' ? 4 : 1;
      case 'LostItemCreditIssued':
        return event.data.cause === 'returned' && type !== 'ReturnLostItem' ? 2 : 0;
      case 'FeeCancelled':
        return event.data.accrual === true && type !== 'AccrueFine' ? 3 : 0;
      default:
        return 0;
    }
  });
  return [...new Set(rules)].filter((rule) => rule > 0);
}
