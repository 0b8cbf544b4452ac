import type { HistoryFault } from '../../account/corruptHistory.js';
import { unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { transferPendingOf } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import { AMOUNT_MAX } from './amounts.js';
import { corruptEvents } from './corruptEvents.js';

/**
 * Faults that can be added to any history with a few events. A turnover above the safe integers needs nine thousand
 * fees of the largest amount and has its own test.
 */
export type GivenFault = Exclude<HistoryFault, 'TurnoverAboveSafeIntegers'>;

/** Where a fault is added: the account, its currency, the currency's decimals, and a number for random choices. */
export type Scene = {
  readonly account: PatronAccount;
  readonly currency: string;
  readonly digits: number;
  readonly pick: number;
};

/** Events that may follow the history, and one that cannot follow them. */
export type Corruption = { readonly before: readonly AccountEvent[]; readonly bad: unknown };

/** For each fault, the events that add it to any history. Their ids differ from those of stories. */
export const corruptions: Readonly<Record<GivenFault, (scene: Scene) => Corruption>> = {
  MalformedEvent: (scene) => {
    const { fee } = corruptEvents(scene);
    const odd = [null, undefined, { type: 'FeeWaived' }, { type: 'PaymentReceived', data: null }];
    return { before: [fee], bad: oneOf(odd, scene) };
  },
  UnknownEventType: (scene) => {
    const type = oneOf(['FeeForgotten', 'toString', '__proto__', '', undefined, 17], scene);
    return { before: [], bad: { type, data: corruptEvents(scene).fee.data } };
  },
  InvalidAmount: (scene) => {
    const { fee, waived, money } = corruptEvents(scene);
    const odd = [money(0), `-${money(1)}`, ` ${money(1)}`, '1e3', '', 17, null];
    return { before: [fee], bad: waived(oneOf(odd, scene)) };
  },
  InvalidId: (scene) => {
    const odd = ['', 'x'.repeat(201), 17, null, undefined, ['spoiled-fee']];
    return { before: [], bad: corruptEvents(scene).assessed(oneOf(odd, scene)) };
  },
  IdUsedTwice: (scene) => {
    const { fee, assessed } = corruptEvents(scene);
    const used = scene.account.ids.filter(({ kind }) => kind !== 'externalTransaction');
    return { before: [fee], bad: assessed(oneOf([...used.map(({ id }) => id), fee.data.feeId], scene)) };
  },
  OtherCommandWithThisId: (scene) => {
    const { assessed } = corruptEvents(scene);
    const by = (commandDigest: string) => ({ metadata: { commandId: 'spoiled-command', commandDigest } });
    return {
      before: [{ ...assessed('spoiled-fee'), ...by('one') }],
      bad: { ...assessed('spoiled-other'), ...by('two') },
    };
  },
  OtherCurrency: (scene) => {
    const { fee, assessed } = corruptEvents(scene);
    const currency = scene.currency === 'CHF' ? 'NOK' : 'CHF';
    return { before: [fee], bad: assessed('spoiled-other', { currency }) };
  },
  UnknownFee: (scene) => {
    const { fee, onFee } = corruptEvents(scene);
    return { before: [fee], bad: oneOf(onFee('spoiled-nothing'), scene) };
  },
  UnknownCredit: (scene) => {
    const { fee, onCredit } = corruptEvents(scene);
    return { before: [fee], bad: oneOf(onCredit('spoiled-nothing'), scene) };
  },
  UnknownPayment: (scene) => {
    const { fee, unpaid } = corruptEvents(scene);
    return { before: [fee], bad: unpaid };
  },
  UnknownWaiver: (scene) => {
    const { fee, unwaived } = corruptEvents(scene);
    return { before: [fee], bad: unwaived('spoiled-fee') };
  },
  UnknownTransfer: (scene) => {
    const { settled, recalled } = corruptEvents(scene);
    return { before: [corruptEvents(scene).fee], bad: oneOf([settled, recalled], scene) };
  },
  UnknownSettlement: (scene) => {
    const { fee, transferred, unsettled } = corruptEvents(scene);
    return { before: [fee, transferred('spoiled-transfer')], bad: unsettled('spoiled-transfer') };
  },
  WrongTransfer: (scene) => {
    const { fee, transferred, settledFully, unsettled } = corruptEvents(scene);
    const before = [fee, transferred('spoiled-transfer'), transferred('spoiled-other'), settledFully];
    return { before, bad: unsettled('spoiled-other') };
  },
  UnknownDispute: (scene) => {
    const { fee, resolved } = corruptEvents(scene);
    return { before: [fee], bad: resolved };
  },
  UnknownApplication: (scene) => {
    const { fee, credit, unapplied } = corruptEvents(scene);
    return { before: [fee, credit('spoiled-credit')], bad: unapplied };
  },
  UnknownRefund: (scene) => {
    const { credit, unrefunded } = corruptEvents(scene);
    return { before: [credit('spoiled-credit')], bad: unrefunded('spoiled-credit') };
  },
  WrongFee: (scene) => {
    const { fee, assessed, waived, unwaived } = corruptEvents(scene);
    return { before: [fee, assessed('spoiled-other'), waived()], bad: unwaived('spoiled-other') };
  },
  WrongCredit: (scene) => {
    const { credit, refunded, unrefunded } = corruptEvents(scene);
    const before = [credit('spoiled-credit'), credit('spoiled-second'), refunded('spoiled-credit')];
    return { before, bad: unrefunded('spoiled-second') };
  },
  NamedTwice: (scene) => {
    const { fee, paid, part } = corruptEvents(scene);
    return { before: [fee], bad: paid('spoiled-payment', 200, [part(100), part(100)]) };
  },
  AmountAboveWhatIsLeft: (scene) => {
    const { fee, waived } = corruptEvents(scene);
    const above = aboveWhatIsLeft(scene);
    const ofNew = waived(formatAmount(1001, scene.digits));
    return { before: [fee], bad: above.length === 0 ? ofNew : oneOf(above, scene) };
  },
  AmountsDoNotAddUp: (scene) => {
    const { fee, paid, part } = corruptEvents(scene);
    const odd = [paid('spoiled-payment', 200, [part(199)]), paid('spoiled-payment', 200, [])];
    return { before: [fee], bad: oneOf(odd, scene) };
  },
  AlreadyUndone: (scene) => {
    const { fee, waived, unwaived } = corruptEvents(scene);
    const undone = unwaived('spoiled-fee', 'spoiled-first-reversal');
    return { before: [fee, waived(), undone], bad: unwaived('spoiled-fee') };
  },
  AlreadyReturned: (scene) => {
    const { lost, returned } = corruptEvents(scene);
    return { before: [lost, returned('spoiled-return')], bad: returned('spoiled-second-return') };
  },
  NotReturned: (scene) => {
    const { lost, returnCredit } = corruptEvents(scene);
    return { before: [lost], bad: returnCredit };
  },
  NoLostItem: (scene) => {
    const { fee, returned } = corruptEvents(scene);
    return { before: [fee], bad: returned('spoiled-return') };
  },
  NotAccruing: (scene) => {
    const { fee, aboutFine } = corruptEvents(scene);
    return { before: [fee], bad: oneOf(aboutFine, scene) };
  },
  AccrualEndedBefore: (scene) => {
    const { fine, fineEnded, increased } = corruptEvents(scene);
    const bad = oneOf([increased, fineEnded('spoiled-second-end')], scene);
    return { before: [fine, fineEnded('spoiled-end')], bad };
  },
  AccruingLostItem: (scene) => {
    const { assessed, money } = corruptEvents(scene);
    const growing = { accruing: true, total: money(1000) };
    return { before: [], bad: assessed('spoiled-fee', { lostItem: true, ...growing }) };
  },
  ForbiddenCredit: (scene) => {
    const { issued } = corruptEvents(scene);
    return { before: [], bad: issued('manual', oneOf(['refundable', 'external', 'setOff', 'cash'], scene)) };
  },
  ForbiddenPurpose: (scene) => {
    const { issued, refunded, lost, returned, returnCredit, forfeited } = corruptEvents(scene);
    const goodwill = { before: [issued('manual', 'goodwill')], bad: refunded('spoiled-credit') };
    const setOff = { before: [lost, returned('spoiled-return'), returnCredit], bad: forfeited };
    return oneOf([goodwill, setOff], scene);
  },
  UnknownPaymentPlan: (scene) => {
    const { fee, planEnded } = corruptEvents(scene);
    return { before: [fee], bad: planEnded('cancelled') };
  },
  PaymentPlanNotRunning: (scene) => {
    const { fee, agreed, paid, part, planEnded } = corruptEvents(scene);
    const over = [planEnded('cancelled'), paid('spoiled-payment', 1000, [part(1000)])];
    return { before: [fee, agreed('spoiled-plan'), oneOf(over, scene)], bad: planEnded('defaulted') };
  },
  NotForPaymentPlan: (scene) => {
    const { fee, fine, agreed, paid, part } = corruptEvents(scene);
    const unfit = [[fee, agreed('spoiled-plan')], [fine], [fee, paid('spoiled-payment', 1000, [part(1000)])]];
    const none = { before: [], bad: agreed('spoiled-other-plan', { feeIds: [], instalments: [] }) };
    const others = unfit.map((before) => ({ before, bad: agreed('spoiled-other-plan') }));
    return oneOf([none, ...others], scene);
  },
  InvalidInstalments: (scene) => {
    const { fee, agreed, money } = corruptEvents(scene);
    const half = money(500);
    const odd = [
      ['2026-04-01', '2026-04-01'],
      ['2026-05-01', '2026-04-01'],
      ['2026-02-29', '2026-04-01'],
      ['', '2026-04-01'],
    ];
    const instalments = oneOf(odd, scene).map((dueOn) => ({ dueOn, amount: half }));
    return { before: [fee], bad: agreed('spoiled-plan', { instalments }) };
  },
  InvalidPlanEnd: (scene) => {
    const { fee, agreed, planEnded } = corruptEvents(scene);
    const odd = ['fulfilled', '', undefined, null, 17];
    return { before: [fee, agreed('spoiled-plan')], bad: planEnded(oneOf(odd, scene)) };
  },
  AlreadyMerged: (scene) => {
    const { merged } = corruptEvents(scene);
    const before = scene.account.mergedInto === null ? [merged('spoiled-patron')] : [];
    return { before, bad: merged('spoiled-other', 'spoiled-other-merge') };
  },
  UnknownMerge: (scene) => ({ before: [], bad: corruptEvents(scene).separated }),
  AlreadySeparated: (scene) => {
    const { joined, separated } = corruptEvents(scene);
    return { before: [joined, separated], bad: separated };
  },
  InvalidPurge: (scene) => {
    const { fee, purged } = corruptEvents(scene);
    return { before: [fee], bad: purged(oneOf([0, -1, 0.5, scene.account.eventCount, '9'], scene)) };
  },
  InvalidReturnTerms: (scene) => {
    const { lost, returned } = corruptEvents(scene);
    const odd = [{ refundPercent: 101 }, { refundPercent: -1 }, { refundPercent: '50' }, { unpaid: 'some' }];
    return { before: [lost], bad: returned('spoiled-return', oneOf(odd, scene)) };
  },
};

function oneOf<Choice>(choices: readonly Choice[], { pick }: Scene): Choice {
  return choices[pick % choices.length] as Choice;
}

/** Returns every event that takes one minor unit more of a fee, a credit or a transfer than is left of it. */
export function aboveWhatIsLeft({ account, currency, digits }: Omit<Scene, 'pick'>): readonly unknown[] {
  const event = (type: AccountEvent['type'], own: string, left: number, fields: object) => ({
    type,
    left,
    data: {
      [own]: 'spoiled',
      amount: formatAmount(left + 1, digits),
      currency,
      ...fields,
      at: '2026-03-02T09:00:00Z',
      method: 'CASH',
      expectsSettlement: false,
    },
  });
  const ofFees = account.fees.flatMap((fee) => {
    const { feeId } = fee;
    const [open, sent, money] = [owed(fee), transferredAndNotReversed(fee), refundableMoney(fee)];
    const part = { feeId, amount: formatAmount(open + 1, digits) };
    const cancelled = { feeId, cause: 'cancelled' };
    const lost = { feeId, cause: 'waived' };
    return [
      event('FeeWaived', 'waiverId', open, { feeId }),
      event('FeeCancelled', 'cancellationId', open, { feeId }),
      event('FeeTransferred', 'transferId', open, { feeId }),
      event('PaymentReceived', 'paymentId', open, { allocations: [part] }),
      event('CreditIssued', 'creditId', money, { ...cancelled, purpose: 'refundable' }),
      event('CreditIssued', 'creditId', sent, { ...cancelled, purpose: 'external' }),
      ...(fee.accrual === null
        ? []
        : [event('FeeCancelled', 'cancellationId', maxTakenBack(fee), lowered(fee, digits))]),
      ...(fee.lostItem
        ? [event('LostItemCreditIssued', 'creditId', open, { ...lost, purpose: 'setOff' })]
        : []),
    ];
  });
  const ofCredits = account.credits.flatMap((credit) => {
    const { creditId, purpose } = credit;
    const left = unused(credit);
    return [
      event('CreditCancelled', 'cancellationId', left, { creditId }),
      ...(purpose === 'refundable' ? [event('CreditRefunded', 'refundId', left, { creditId })] : []),
      ...(purpose === 'refundable' || purpose === 'external'
        ? [event('CreditTransferred', 'transferId', left, { creditId })]
        : []),
    ];
  });
  const ofTransfers = account.transfers.flatMap((transfer) => {
    const { transferId, amount, settled, recalled } = transfer;
    return [
      event('TransferSettled', 'settlementId', transferPendingOf(transfer), { transferId }),
      event('TransferRecalled', 'recallId', amount - settled - recalled, { transferId }),
    ];
  });
  return [...ofFees, ...ofCredits, ...ofTransfers]
    .filter(({ left }) => left < AMOUNT_MAX)
    .map(({ left, ...all }) => all);
}

/** Returns the fields of an event that lowers a fine to its final total, or to nothing. */
function lowered({ feeId, accrual }: Fee, digits: number) {
  return { feeId, accrual: true, total: formatAmount(accrual?.total ?? 0, digits) };
}

/** Returns how much of what is owed accrual can take back. */
function maxTakenBack(fee: Fee): number {
  const { accrued = 0, total = null } = fee.accrual ?? {};
  return Math.min(owed(fee), Math.max(0, accrued - (total ?? 0)));
}
