/** A small break of the desk, and the numbers of the guide whose tests must catch it. */
export type DeskBreak = {
  readonly file: string;
  /** What the file has once, and what stands there instead. */
  readonly from: string;
  readonly to: string;
  readonly numbers: readonly number[];
};

const broken = (file: string, from: string, to: string, ...numbers: readonly number[]): DeskBreak => ({
  ...{ file: `examples/desk/${file}`, from, to, numbers },
});

const [fees, patron, money, selected] = ['fees', 'patron', 'money', 'selected'].map(
  (screen) => `screens/${screen}.ts`,
) as [string, string, string, string];
const [bulkWaive, network, find] = ['bulkWaive', 'network', 'find'].map(
  (screen) => `screens/${screen}.ts`,
) as [string, string, string];

/** More than forty breaks: each is a mistake that somebody could make in one line of the desk. */
export const deskBreaks: readonly DeskBreak[] = [
  broken(find, 'found.length === 1', 'found.length === 0', 2),
  broken(patron, '/fees">', '/details">', 3),
  broken(fees, 'listAddress(listed, { offset: to })', 'listAddress(listed, { offset: 0 })', 4),
  broken(network, 'row.institution !== ownInstitution', 'row.institution === ownInstitution', 5),
  broken(network, "row.kind === 'fee' ? row.loanId : null", 'null', 5),
  broken(fees, "['Disputed balance', balances.disputed]", "['Disputed balance', balances.active]", 6),
  broken(fees, "balance', balances.currentlyFiltered]", "balance', balances.active]", 6),
  broken(fees, "['Transferred balance', balances.transferred]", "['Transferred balance', '0.00']", 6),
  broken(
    'visitChanges.ts',
    'return id === undefined ? undefined : undoLink',
    'return undefined && undoLink',
    7,
  ),
  broken('visitChanges.ts', '    endVisit(visit);\n', '', 7),
  broken(
    fees,
    '      status,\n      sort:',
    "      status: status === 'all' ? ['active', 'disputed', 'transferred'] : status,\n      sort:",
    4,
    10,
  ),
  broken(fees, ": 'active',\n", ": 'all',\n", 10),
  broken(money, 'policy.onlinePayments !== false', 'true', 11),
  broken('screens/records.ts', '  lines.map((line) =>', '  lines.slice(0, 3).map((line) =>', 12),
  broken(patron, 'loans.length > 0 ?', 'loans.length > 9 ?', 13),
  broken(patron, 'const { active, payable, currency }', 'const { payable: active, payable, currency }', 14),
  broken('screens/mail.ts', 'await outbox.send(mail', 'await Promise.resolve(mail', 15),
  broken(patron, '/pay">Pay</a>', '/fees">Pay</a>', 16),
  broken(money, "method: values.get('method') ?? '',", "method: 'CASH',", 17),
  broken(
    money,
    "amount: text(values, 'amount') ?? '',\n      ...(feeIds",
    "amount: '1.00',\n      ...(feeIds",
    17,
  ),
  broken(money, '...(feeIds.length > 0 && { feeIds }),', '', 18),
  broken(money, 'next: ({ address }) => address,', "next: ({ address }) => address + '/fees',", 19),
  broken('static/desk.css', '    position: sticky;', '    position: static;', 20),
  broken('directory.ts', "join(' AND ')", "join(' OR ')", 20),
  broken(find, "'Find a user', '/details'", "'Find a user', ''", 21),
  broken(money, '...(credit && CREDIT)', '', 23),
  broken(
    money,
    "amount: text(values, 'amount') ?? '',\n      ...(owner",
    "amount: text(values, 'amount') ?? '1',\n      ...(owner",
    23,
  ),
  broken(money, "owner) ? owner : '' }", "owner) ? 'MAIN' : '' }", 24),
  broken(money, "&& { item }),\n      ...optional(values, 'comment'),", '&& { item }),', 24),
  broken(money, "values.get('then') === 'another'", "values.get('then') === 'none'", 25),
  broken(
    selected,
    "const feeIds = values.getAll('feeId');\n  if",
    "const feeIds = values.getAll('feeId').slice(0, 1);\n  if",
    28,
  ),
  broken(selected, '...(amount !== undefined && { amount })', '', 30, 33, 34),
  broken(
    selected,
    "reason: visit.values.get('reason') ?? '',",
    "reason: visit.values.get('reason') && 'OTHER',",
    31,
  ),
  broken(
    selected,
    "    ...optional(visit.values, 'comment'),\n    ...optional(visit.values, 'staffNote'),",
    '',
    32,
  ),
  broken(
    selected,
    "  confirmation: (visit, command) => outcome(visit, command, 'will be waived'),\n",
    '',
    33,
  ),
  broken(fees, '/rows/$', '/fees?$', 36),
  broken(fees, "purpose === 'setOff'", "purpose === 'refundable'", 37),
  broken(bulkWaive, '...(groups.length > 0 && { groups }),', '', 38, 43),
  broken(bulkWaive, '...(feeTypes.length > 0 && { feeTypes }),', '', 38, 43),
  broken(bulkWaive, "...optional(values, 'threshold'),", '', 38, 41),
  broken(bulkWaive, 'refused === undefined ? next() :', 'true ? next() :', 39),
  broken('pages.ts', "'User Management',", "'Users',", 40),
  broken(
    'bulkJobs.ts',
    'job.form = { ...job.form, by };',
    'job.form = { ...job.form, by, excludeOverdueLoans: false };',
    42,
  ),
  broken(
    'bulkJobs.ts',
    'job.form = { ...job.form, by };',
    "job.form = { ...job.form, by, comment: '-' };",
    44,
  ),
];
