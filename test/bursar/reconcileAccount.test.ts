import { describe, expect, it } from 'vitest';
import { type ReadRow, reconcileAccount } from '../../src/bursar/reconcileAccount.js';
import { type AccountEvent, type Command, decide, emptyAccount, fold } from '../../src/index.js';
import { ask, assess } from '../support/account.js';
import { expecting } from './bursarLibrary.js';

const rules = { jobId: 'job', answers: new Set(['a1', 'a2']), digits: 2 };
const byRow = (jobId: string, row: number) => ({
  metadata: { correlationId: jobId, causationId: `${jobId}/${row}` },
});

function eventsOf(commands: readonly Command[]): readonly AccountEvent[] {
  let account = emptyAccount();
  return commands.flatMap((command) => {
    const decision = decide(command, account, expecting);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    account = fold(decision.events, account);
    return [...decision.events];
  });
}

const row = (
  number: number,
  transferId: string,
  minor: number,
  paymentReference: string | null = null,
): ReadRow => ({
  row: number,
  reference: `u1@${transferId}`,
  transferId,
  minor: BigInt(minor),
  paymentReference,
});

/** Two fees and a credit, handed over by the job `job`. */
const placed = [
  assess('f1', '30.00'),
  assess('f2', '9.00'),
  ask('IssueCredit', 'c1', { amount: '8.00', cause: 'imported' }),
  ask('TransferFees', 'job', { eligible: { fees: {}, credits: {} } }),
];
const whole = [row(1, 'job', 3_000), row(2, 'job#1', 900), row(3, 'job#2', -800)];

function reconciled(
  commands: readonly Command[],
  file: ReadRow[] = whole,
  answers: [string, ReadRow[]][] = [],
) {
  const events = eventsOf([...placed, ...commands]);
  const { differences, ...sums } = reconcileAccount(
    'u1',
    fold(events),
    events,
    { file, answers: new Map(answers) },
    rules,
  );
  return {
    ...sums,
    found: differences.map(({ code, reference, inFile, inAnswer, inEvents }) =>
      [code, reference, inFile ?? '-', inAnswer ?? '-', inEvents ?? '-'].join(' '),
    ),
    differences,
  };
}

describe('the file of an account', () => {
  it('agrees with its transfers, credits as negative', () => {
    expect(reconciled([])).toMatchObject({
      transferred: { count: 3, minor: 3_100n },
      pending: 3_100n,
      found: [],
    });
  });

  it('differs row by row', () => {
    const file = [row(1, 'job', 3_001), row(2, 'job#1', 900), row(3, 'job#1', 900), row(4, 'job#9', 100)];
    expect(reconciled([], file).found).toEqual([
      'FILE_AMOUNT_DIFFERS u1@job 30.01 - 30.00',
      'FILE_ROW_REPEATED u1@job#1 9.00 - -',
      'FILE_ROW_WITHOUT_EVENT u1@job#9 1.00 - -',
      'EVENT_WITHOUT_FILE_ROW u1@job#2 - - -8.00',
    ]);
  });
});

describe('the answers of an account', () => {
  const settle = (id: string, transferId: string, amount: string, more: object = {}) =>
    ask('SettleTransfer', id, { transferId, amount, ...more });

  it('agree with what their rows booked, including surplus, credits and bounced payments', () => {
    const commands = [
      settle('s1', 'job', '31.45', byRow('a1', 1)),
      settle('s2', 'job#2', '8.00', byRow('a1', 2)),
      ask('ReverseSettlement', 'u1', { settlementId: 's1', ...byRow('a2', 1) }),
    ];
    const answers: [string, ReadRow[]][] = [
      ['a1', [row(1, 'job', 3_145), row(2, 'job#2', -800)]],
      ['a2', [row(1, 'job', -3_145)]],
    ];
    expect(reconciled(commands, whole, answers)).toMatchObject({
      booked: { count: 3, minor: -800n },
      otherwise: { count: 0 },
      pending: 3_900n,
      found: [],
    });
  });

  it('differ if a row names one transfer and was booked on another', () => {
    const commands = [settle('s1', 'job', '5.00', byRow('a1', 1))];
    const { found, booked } = reconciled(commands, whole, [['a1', [row(1, 'job#1', 500)]]]);
    expect(found).toEqual(['ROW_NOT_BOOKED u1@job#1 - 5.00 -', 'BOOKING_WITHOUT_ROW u1@job - - 5.00']);
    expect(booked.minor).toBe(500n);
  });

  it('have each difference named', () => {
    const commands = [
      settle('s1', 'job', '10.00', byRow('a1', 1)),
      settle('s2', 'job', '5.00', { externalReference: 'R-2', ...byRow('elsewhere', 7) }),
      settle('s3', 'job#1', '1.00', byRow('a1', 4)),
      settle('s4', 'job#1', '2.00'),
    ];
    const answer = [row(1, 'job', 1_100), row(2, 'job', 500, 'R-2'), row(3, 'job#1', 300)];
    const { found, differences, booked, otherwise } = reconciled(commands, whole, [['a1', answer]]);
    expect(found).toEqual([
      'ROW_AMOUNT_DIFFERS u1@job - 11.00 10.00',
      'ROW_BOOKED_ELSEWHERE u1@job - 5.00 -',
      'ROW_NOT_BOOKED u1@job#1 - 3.00 -',
      'BOOKED_OTHERWISE u1@job - - 5.00',
      'BOOKING_WITHOUT_ROW u1@job#1 - - 1.00',
      'BOOKED_OTHERWISE u1@job#1 - - 2.00',
    ]);
    expect(differences.map(({ bookedBy }) => bookedBy)).toEqual([
      null,
      'elsewhere/7',
      null,
      'elsewhere/7',
      'a1/4',
      's4',
    ]);
    expect([booked.minor, otherwise.minor]).toEqual([1_100n, 700n]);
  });
});
