import fc from 'fast-check';
import type { FeePolicyInput, OnlinePaymentsInput } from '../../src/index.js';
import { approvableCommands, approvableJobs, permittedCommands } from '../../src/policy/permissions.js';
import { examples } from '../schemas/examples.js';
import { answer, type CallVector } from './calls.js';
import { anyValue, changedBy, replacedAt, wrongValues } from './changes.js';

/** Short code tables, so that the results are short too. */
const tables = {
  currency: 'USD',
  feeTypes: { OTHER: { label: 'Other' }, LOST: { label: 'Lost', lostItem: true, refundPercent: 50 } },
  paymentMethods: { CASH: 'Cash' },
  waiveReasons: { OTHER: 'Other' },
  creditReasons: {},
  destinations: {},
} satisfies FeePolicyInput;

const online = { method: 'CASH', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } };
const rule = { kinds: ['charged'] };
const from = '2026-03-02T09:00:00Z';
const blocked = { blockLimits: { student: [{ amount: '5' }] } };
const notices = (...rules: readonly object[]) => ({ notices: { from, rules } });
const type = (fields: object) => ({ feeTypes: { A: { label: 'A', ...fields } } });

/** Inputs with one option each, valid ones and ones that break a rule; the rest are the short tables. */
const options: readonly object[] = [
  ...[{}, { currency: undefined }, { currency: 'DM' }, { currency: 1 }, { unknown: 1 }, { feeType: {} }],
  ...[
    { currency: 'JPY', accrualLimits: { OTHER: '5' } },
    { currency: 'KWD', accrualLimits: { OTHER: '5.000' } },
  ],
  ...[
    { feeTypes: undefined },
    { feeTypes: [] },
    { feeTypes: { A: {} } },
    type({ label: '' }),
    type({ labell: 'A' }),
  ],
  ...['', 'x'.repeat(200), 'x'.repeat(201), 'a\0', 'constructor', 'prototype', 'toString'].map((code) => ({
    feeTypes: { ...tables.feeTypes, [code]: { label: 'A' } },
  })),
  ...[0, 50, 50.5, 100, 100.1, -1].map((refundPercent) => type({ lostItem: true, refundPercent })),
  ...[type({ refundPercent: 50 }), type({ refundPercent: 0 })],
  ...[0, 7, 8.125, 8.1255, 19, 100, 100.1, -1, 1e-7].map((vatPercent) => type({ vatPercent })),
  ...['5', '5.00', '0', '5.001', 5].map((defaultAmount) => type({ defaultAmount })),
  ...['manual', 'waiveable', 'retired', 'commentRequired', 'payableOnline'].flatMap((name) => [
    type({ [name]: true }),
    type({ [name]: 'yes' }),
  ]),
  ...[{ paymentMethods: { CASH: '' } }, { paymentMethods: { '': 'A' } }, { destinations: { A: 1 } }],
  ...['Other', '', { label: 'A' }, { label: 'A', kind: 'writeOff', commentRequired: true }].map((reason) => ({
    waiveReasons: { A: reason },
  })),
  ...[{ label: 'A', kind: 'gift' }, { kind: 'waiver' }, 1].map((reason) => ({ waiveReasons: { A: reason } })),
  ...['refuse', 'credit', 'keep'].map((overpayment) => ({ overpayment })),
  ...['oldest-first', 'evenly', 'newest'].map((paymentOrder) => ({ paymentOrder })),
  ...['percent', 'all', 'none'].map((unpaidOnReturn) => ({ unpaidOnReturn })),
  ...['refused', 'allowed', true].map((cardNumbers) => ({ cardNumbers })),
  { transfers: { expectsSettlement: true, fees: { minimumAmount: '5', minimumAgeDays: 0 } } },
  ...[{ fees: { minimumAgeDays: -1 } }, { credits: { minimumAmount: '0' } }, { expects: true }, []].map(
    (transfers) => ({ transfers }),
  ),
  ...['0', '0.00', '5', '5.00', '-1', '5.001', 5].map((amount) => ({ blockLimits: { '*': [{ amount }] } })),
  {
    blockLimits: {
      staff: [],
      '*': [{ amount: '5', limitItselfBlocks: true, excludedFeeTypes: ['OTHER'], excusesPaymentPlans: true }],
    },
  },
  ...[{ excludedFeeTypes: ['NONE'] }, { excludedFeeTypes: 'OTHER' }, { excludes: [] }].map((limit) => ({
    blockLimits: { '*': [{ amount: '5' }, { amount: '5', ...limit }] },
  })),
  ...['OTHER', 'LOST', 'NONE', 'toString'].map((code) => ({ accrualLimits: { [code]: '5' } })),
  { permissions: { WaiveFees: { CLERK: { upTo: '5' }, CHIEF: {} }, OpenTill: {} } },
  ...[{ WaiveFee: {} }, { WaiveFees: { CLERK: { upTo: '0' } } }, { WaiveFees: { CLERK: [] } }].map(
    (permissions) => ({ permissions }),
  ),
  ...['0', '5', '-5'].map((above) => ({ approvals: { WaiveFees: { above, roles: ['CHIEF'] } } })),
  ...[{ WaiveFees: { above: '5', roles: [] } }, { DisputeFee: { above: '5', roles: ['CHIEF'] } }].map(
    (approvals) => ({ approvals }),
  ),
  ...['SealKnown', 'Purge', 'Seal'].flatMap((job) =>
    [{ roles: ['CHIEF'] }, { roles: [] }, {}, { roles: ['CHIEF'], above: '5' }].map((rule) => ({
      approvals: { [job]: rule },
    })),
  ),
  ...[0, 7.5, -1, null].map((days) => ({ backdating: { days } })),
  ...[{ purgeAfterDays: 1, eraseTextsAfterDays: 1 }, { purgeAfterDays: 0 }, { eraseTextsAfterDays: 1.5 }].map(
    (retention) => ({ retention }),
  ),
  ...[1, 0, 1.5].map((forfeitAfterDays) => ({ forfeitAfterDays })),
  ...[false, true, [], online, { ...online, method: 'CARD' }].map((onlinePayments) => ({ onlinePayments })),
  ...[
    { feeType: 'NONE', owner: 'MAIN' },
    { feeType: 'OTHER', owner: '' },
    { feeType: 'toString', owner: 'A' },
  ].map((shortfallFee) => ({ onlinePayments: { ...online, shortfallFee } })),
  {
    ...type({ retired: true }),
    onlinePayments: { ...online, shortfallFee: { feeType: 'A', owner: 'MAIN' } },
  },
  ...[
    { amount: '1' },
    { percent: 1.5, vatPercent: 19 },
    {},
    { amount: '1', percent: 1 },
    { percent: 101 },
    { amount: 'x' },
  ].map((serviceFee) => ({ onlinePayments: { ...online, serviceFee } })),
  ...[1, 525_600, 0, 525_601].map((expiresAfterMinutes) => ({
    onlinePayments: {
      ...online,
      expiresAfterMinutes,
      exactBalance: true,
      accruing: true,
      sharedAccount: true,
    },
  })),
  ...[notices(rule), notices(), notices({ kinds: [] }), notices({ kinds: ['late'] })],
  ...[
    notices({ ...rule, feeTypes: ['OTHER'], groups: ['student'], minimumAmount: '5', from, comments: true }),
  ],
  ...[notices({ ...rule, feeTypes: ['NONE'] }), notices({ ...rule, feeTypes: [] })],
  ...[
    notices({ kinds: ['blocked'] }),
    { ...blocked, ...notices({ kinds: ['blocked'], groups: ['student'] }) },
  ],
  ...[
    { ...blocked, ...notices({ kinds: ['blocked'] }) },
    { ...notices({ kinds: ['blocked'] }), blockLimits: { '*': [] } },
  ],
  ...[{ en: 'Hello' }, { de: 'Hallo' }, { en: 'Hello', de: 'Hallo' }, { en: '' }, {}].map((message) =>
    notices({ ...rule, message }),
  ),
  ...[{ de: 'Hallo', en: 'Hello' }, { en: 'Hello', fr: 'Bonjour' }, { en: 'Hello' }].map((message) => ({
    notices: { from, languages: ['de', 'en'], rules: [{ ...rule, message }] },
  })),
  ...[['de', 'en'], [], ['German'], ['e'], ['german']].map((languages) => ({
    notices: { from, languages, rules: [rule] },
  })),
  ...['week', 'day'].map((owedEvery) => ({ notices: { from, owedEvery, rules: [rule] } })),
  { notices: { from: '2026-03-02', rules: [rule] } },
  // Several faults at once, each with its path.
  {
    currency: 'DM',
    overpayment: 'x',
    feeTypes: { A: { label: '', waiveable: 1 } },
    blockLimits: { a: [{}] },
  },
  {
    accrualLimits: { NONE: '5', LOST: '5' },
    blockLimits: { '*': [{ amount: '1', excludedFeeTypes: ['NO'] }] },
  },
];

/** A policy with every option. */
function everyOption(): FeePolicyInput {
  const [, whole] = examples().FeePolicyInput as readonly FeePolicyInput[];
  const message = { de: 'Hallo', en: 'Hello' };
  const some = { feeTypes: ['OTHER'], groups: ['student'], minimumAmount: '5', message, comments: true };
  return {
    ...(whole as FeePolicyInput),
    approvals: { WaiveFees: { above: '20.00', roles: ['CHIEF'] }, Purge: { roles: ['CHIEF'] } },
    duties: [['WaiveFees', 'RefundCredit']],
    forfeitAfterDays: 30,
    onlinePayments: { ...(whole?.onlinePayments as OnlinePaymentsInput), sharedAccount: true },
    notices: {
      from,
      languages: ['de', 'en'],
      owedEvery: 'week',
      rules: [{ kinds: ['charged'], from, ...some }],
    },
  };
}

/** Every command and job that a policy can name. */
const everyName = {
  permissions: Object.fromEntries(permittedCommands.map((name) => [name, { CLERK: {} }])),
  approvals: {
    ...Object.fromEntries(approvableCommands.map((name) => [name, { above: '0', roles: ['CHIEF'] }])),
    ...Object.fromEntries(approvableJobs.map((name) => [name, { roles: ['CHIEF'] }])),
  },
  duties: [permittedCommands],
};

/** Policies with every option in which every field of a depth is wrong in the same way: each fault, with its path. */
function wrongEverywhere(): readonly CallVector[] {
  const whole = everyOption();
  const depths = [1, 2, 3, 4, 5];
  const inputs = depths.flatMap((depth) =>
    wrongValues.map((wrong) => ({ ...(replacedAt(whole, depth, wrong) as object), currency: 'USD' })),
  );
  return [whole, { ...tables, ...everyName }, ...inputs].map((input) => answer('policy', input));
}

/** Returns policies, complete or with their faults. */
export function policyCalls(): readonly CallVector[] {
  const [, whole] = examples().FeePolicyInput as readonly FeePolicyInput[];
  const changes = fc.record({
    place: fc.nat(),
    key: fc.constantFrom('same', 'same', 'removed', 'note'),
    value: anyValue.filter((value) => JSON.stringify(value).length < 60),
  });
  const seen = new Set<string>();
  const changed = fc
    .sample(changes, { seed: 21, numRuns: 600 })
    .map((change) => answer('policy', changedBy(structuredClone(whole as object), change)))
    .filter(({ error }) => {
      const fault = error?.message.replace(/, found .*/s, '').replace(/^.*?: expected/, 'expected') ?? '';
      if (error === undefined || seen.has(fault)) return false;
      seen.add(fault);
      return true;
    });
  return [
    ...[whole, { currency: 'EUR' }, null, 'USD', []].map((input) => answer('policy', input)),
    ...options.map((option) => answer('policy', { ...tables, ...option })),
    ...changed,
    ...wrongEverywhere(),
    ...labelCalls(),
  ];
}

/** Labels in another language, complete and not. */
function labelCalls(): readonly CallVector[] {
  const policy = {
    ...tables,
    ...type({ vatPercent: 7 }),
    waiveReasons: { W: { label: 'W', kind: 'writeOff' } },
  };
  const labels = {
    feeTypes: { A: 'Andere' },
    paymentMethods: { CASH: 'Bar' },
    waiveReasons: { W: 'Niedergeschlagen', more: 'mehr' },
    creditReasons: {},
    destinations: {},
  };
  return [
    answer('labels', policy, labels),
    answer('labels', policy, { ...labels, feeTypes: {}, paymentMethods: { toString: 'x' } }),
  ];
}
