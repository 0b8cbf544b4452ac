import {
  decide,
  definePolicy,
  type FeePolicyInput,
  fold,
  type Rejection,
  type RejectionType,
  rejectionKinds,
} from '../../src/index.js';
import {
  defineCalendar,
  defineFineRule,
  type FineRuleInput,
  type LibraryCalendarInput,
  type OverdueLoan,
  overdueFine,
} from '../../src/overdue/index.js';
import { blocks, finesAndFees, paymentPlans, receipt, summary, transactions } from '../../src/views/index.js';
import { goldenEvent, goldenEvents } from '../../test/support/goldenEvents.js';
import { rejectionSentences } from '../../test/support/rejectionSentences.js';
import { wholeCommands } from '../../test/support/wholeCommands.js';

/** A policy with every option. */
const policyInput: FeePolicyInput = {
  currency: 'USD',
  feeTypes: {
    OVERDUEFINE: { label: 'Overdue fine', manual: false, waiveable: true },
    OTHER: {
      label: 'Other',
      commentRequired: true,
      vatPercent: 7,
      retired: false,
      defaultAmount: '2.50',
      payableOnline: true,
    },
    LOSTITEM: { label: 'Lost item', lostItem: true, refundPercent: 33.3 },
  },
  paymentMethods: { CASH: 'Cash', ONLINE: 'Online' },
  waiveReasons: { OTHER: 'Other', DEBT: { label: 'Debt given up', kind: 'writeOff', commentRequired: true } },
  creditReasons: { GOODWILL: 'Goodwill' },
  destinations: { BURSAR: 'Bursar' },
  overpayment: 'credit',
  paymentOrder: 'evenly',
  unpaidOnReturn: 'all',
  transfers: {
    expectsSettlement: true,
    fees: { minimumAmount: '1.00', minimumAgeDays: 30 },
    credits: { minimumAgeDays: 0.5 },
  },
  blockLimits: {
    '*': [{ amount: '25', limitItselfBlocks: true, excludedFeeTypes: ['OTHER'], excusesPaymentPlans: true }],
    staff: [],
  },
  accrualLimits: { OVERDUEFINE: '10.00' },
  permissions: { WaiveFees: { CLERK: { upTo: '5.00' }, CHIEF: {} }, ReceivePayment: { CLERK: {} } },
  approvals: { WaiveFees: { above: '20.00', roles: ['CHIEF'] } },
  backdating: { days: 7 },
  retention: { purgeAfterDays: 3652, eraseTextsAfterDays: 365 },
  cardNumbers: 'refused',
  tillMethods: ['CASH', 'CHECK'],
  receipts: 'always',
  bankReasons: { FALSE: 'Counterfeit note', FEE: 'Account fees' },
  onlinePayments: {
    method: 'ONLINE',
    shortfallFee: { feeType: 'OVERDUEFINE', owner: 'MAIN' },
    minimumAmount: '1.00',
    serviceFee: { percent: 1.5, vatPercent: 19 },
    exactBalance: false,
    accruing: true,
    expiresAfterMinutes: 30,
  },
};

const fineRule: FineRuleInput = {
  currency: 'USD',
  steps: [
    { from: 1, to: 7, amount: '0.25' },
    { from: 8, amount: '0.50' },
  ],
  period: { length: 1, unit: 'day' },
  measure: 'calendarDays',
  closedTime: 'daysExcluded',
  charged: 'started',
  precision: 'minute',
  closedDueDate: 'movesToNextOpenDay',
  grace: {
    length: 2,
    unit: 'day',
    mode: 'allOrNothing',
    closedTime: 'counted',
    end: 'free',
    endsOnOpenDay: true,
  },
  maximum: '10',
  priceCap: { percent: 100, defaultPrice: '30.00', withoutPrice: 'noLimit' },
  recalled: {
    charges: 'allPeriods',
    amount: '1.00',
    period: { length: 1, unit: 'day' },
    grace: null,
    maximum: null,
  },
};

const calendar: LibraryCalendarInput = {
  timeZone: 'America/New_York',
  openingHours: { monday: ['09:00-12:00', '13:00-17:00'], friday: ['18:00-02:00'] },
  closures: [
    { from: '2026-03-16', to: '2026-03-20', name: 'Spring break' },
    { everyYear: '12-25', name: 'Christmas' },
  ],
  specialHours: [{ from: '2026-06-01', to: '2026-06-05', hours: ['10:00-14:00'], name: 'Summer hours' }],
};

const loan: OverdueLoan = {
  dueAt: '2026-03-02T23:59:00-05:00',
  until: '2026-03-27T10:00:00-04:00',
  rule: defineFineRule({ currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' }, maximum: '5' }),
  calendar: defineCalendar(calendar),
};

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD', blockLimits: { '*': [{ amount: '5.00' }] } });
const commands = [
  { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '25.00', owner: 'MAIN', at },
  { type: 'AssessFee', id: 'f2', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '30.00', owner: 'MAIN', at },
  {
    type: 'AgreePaymentPlan',
    id: 'n1',
    feeIds: ['f2'],
    instalments: [{ dueOn: '2026-04-01', amount: '30' }],
    at,
  },
  { type: 'ReceivePayment', id: 'p1', amount: '10.00', method: 'CASH', feeIds: ['f1'], at },
  { type: 'IssueCredit', id: 'c1', amount: '3.00', cause: 'manual', reason: 'GOODWILL', at },
] as const;

/** Returns examples of definitions, by name. Each is checked against its schema. */
export function examples(): Readonly<Record<string, readonly unknown[]>> {
  const decision = decide(commands, fold([]), policy);
  const account = fold(decision.events);
  const refused = decide({ type: 'DisputeFee', id: 'd1', feeId: 'f9', at }, account, policy);
  const types = [...new Set(goldenEvents.map(({ type }) => type))];
  const events = types.map((type) => [type, [goldenEvent(type)]] as const);
  const rejections = Object.entries(rejectionSentences).map(([type, said]) => {
    const kind = rejectionKinds[type as RejectionType];
    const isEventToo = types.some((event) => event === type);
    return [
      isEventToo ? `${type}Rejection` : type,
      said.map(([fields]) => ({ type, kind, ...fields }) as Rejection),
    ] as const;
  });
  return {
    ...Object.fromEntries(Object.entries(wholeCommands).map(([type, command]) => [type, [command]])),
    ...Object.fromEntries([...events, ...rejections]),
    Accepted: [decision],
    Refused: [refused],
    FeePolicyInput: [{ currency: 'USD' }, policyInput],
    FeePolicy: [policy],
    FineRuleInput: [fineRule],
    FineRule: [loan.rule],
    LibraryCalendarInput: [calendar],
    LibraryCalendar: [loan.calendar],
    OverdueLoan: [loan],
    OverdueFine: [overdueFine(loan)],
    Summary: [summary(account, policy)],
    FinesAndFees: [finesAndFees(account, policy)],
    Transactions: [transactions(account, policy, { id: 'f1' })],
    Receipt: [receipt(account, policy, { paymentId: 'p1' })],
    PaymentPlanView: paymentPlans(account, policy, { on: '2026-03-31' }),
    Blocks: [blocks(account, policy, { group: 'student' })],
  };
}
