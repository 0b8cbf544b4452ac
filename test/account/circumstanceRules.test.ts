import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Channel, type Command, type Decision, decide, emptyAccount, fold } from '../../src/index.js';
import { assess, at, pay, policyWith } from '../support/account.js';
import { tried } from '../support/seeded.js';

const HOUR_MS = 3_600_000;

/** Returns the type of the rejection; null if the command is accepted. */
const refusalOf = (decision: Decision) => (decision.accepted ? null : decision.rejection.type);

const desk = { channel: 'desk', userId: 'ana', library: 'MAIN' } as const;

describe('the time of a command', () => {
  const policy = policyWith({ backdating: { days: 7 } });
  const now = '2026-03-10T10:00:00+01:00';
  const later = (hours: number) => new Date(Date.parse(now) + hours * HOUR_MS).toISOString();
  const decided = (time: string, channel?: Channel, given: string | undefined = now) => {
    const command = { ...assess('f1', '2.50'), at: time, ...(channel && { by: { channel } }) };
    return decide(command, emptyAccount(), policy, given === undefined ? {} : { now: given });
  };

  it.each([
    [-7 * 24, null],
    [-7 * 24 - 0.001, 'TooFarBack'],
    [0, null],
    [0.25, null],
    [0.251, 'InTheFuture'],
  ])('%f hours from now is accepted (null) or refused: %s', (hours, expected) => {
    for (const channel of ['desk', 'online', 'selfCheck', undefined] as const)
      expect(refusalOf(decided(later(hours), channel))).toBe(expected);
  });

  it('is refused with the bounds', () => {
    expect(decided(later(-200))).toMatchObject({
      rejection: {
        type: 'TooFarBack',
        kind: 'forbidden',
        at: later(-200),
        earliest: '2026-03-03T09:00:00Z',
      },
    });
    expect(decided(later(1))).toMatchObject({
      rejection: { type: 'InTheFuture', kind: 'invalid', latest: '2026-03-10T09:15:00Z' },
    });
  });

  it('is not checked for jobs and imports, which need no present time', () => {
    for (const channel of ['job', 'import'] as const)
      expect(refusalOf(decided('2019-01-01T00:00:00Z', channel, undefined))).toBeNull();
  });

  it.each([[undefined], ['yesterday'], [17], [null]])(
    'is compared with a valid present time, which %j is not',
    (given) => {
      const options = { now: given } as { now: string };
      expect(() => decide(assess('f1', '2.50'), emptyAccount(), policy, options)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining('options.now'),
        }),
      );
    },
  );

  it('does not refuse what was accepted before, however late it is sent again', () => {
    const command = { ...assess('f1', '2.50'), at: later(0) };
    const account = fold(decide(command, emptyAccount(), policy, { now }).events);
    expect(decide(command, account, policy, { now: '2027-01-01T00:00:00Z' })).toMatchObject({
      accepted: true,
      events: [],
    });
  });

  it('is checked for a payment entered at a desk, not for one that a provider reports after the money moved', () => {
    const late = { ...pay('p1', '2.50'), at: '2026-01-01T09:00:00Z' };
    const credits = policyWith({ backdating: { days: 7 }, overpayment: 'credit' });
    for (const [by, expected] of [
      [{ channel: 'online' }, null],
      [undefined, null],
      [desk, 'TooFarBack'],
    ] as const)
      expect(refusalOf(decide({ ...late, ...(by && { by }) }, emptyAccount(), credits, { now }))).toBe(
        expected,
      );
  });

  it('may be any time if the policy has no backdating', () => {
    expect(
      refusalOf(
        decide({ ...assess('f1', '2.50'), at: '1999-01-01T00:00:00Z' }, emptyAccount(), policyWith()),
      ),
    ).toBeNull();
  });
});

describe('card numbers', () => {
  const policy = policyWith({ overpayment: 'credit' });
  const withComment = (comment: string, more: Partial<Command> = {}) =>
    refusalOf(decide({ ...assess('f1', '2.50'), comment, ...more } as Command, emptyAccount(), policy));

  // The test numbers of card companies.
  const numbers = [
    '4111111111111111',
    '4222222222222',
    '5555 5555 5555 4444',
    '3782-822463-10005',
    '6011111111111117',
    '2223003122003222',
    '3566002020360505',
    '4000000000000000006',
  ];

  it.each(numbers)('%s is found in a comment, a note and a reference', (number) => {
    expect(withComment(number)).toBe('LooksLikeCardNumber');
    expect(withComment(`paid with ${number}.`)).toBe('LooksLikeCardNumber');
    expect(withComment('', { staffNote: `(${number})` })).toBe('LooksLikeCardNumber');
    const payment = { ...pay('p1', '2.50'), reference: number, by: desk };
    expect(refusalOf(decide(payment, emptyAccount(), policy))).toBe('LooksLikeCardNumber');
  });

  it('is not repeated in the rejection', () => {
    const decision = decide(
      { ...assess('f1', '2.50'), comment: numbers[0] as string },
      emptyAccount(),
      policy,
    );
    expect(decision).toMatchObject({ rejection: { type: 'LooksLikeCardNumber', field: 'comment' } });
    expect(JSON.stringify(decision)).not.toContain(numbers[0]);
  });

  it.each([
    ['a wrong check digit', '4111111111111112'],
    ['the barcode of an item, whose check digit is computed alike', '31234000000006'],
    ['the barcode of a patron', '21234000123458'],
    ['an ISBN', '9780306406157'],
    ['a number of more digits', '41111111111111111111111'],
    ['a part of a longer word', 'X4111111111111111'],
    ['decimals', '0.4111111111111111'],
    ['a telephone number', '+49 30 1234567'],
    ['letters between', '4111a1111b1111c1111'],
  ])('%s is not taken for a card number', (_, text) => {
    expect(withComment(text)).toBeNull();
  });

  it.each(['comment', 'reference', 'externalTransactionId'])(
    'is looked for in the %s of a payment only if it is taken at a desk',
    (field) => {
      const payment = { ...pay('p1', '2.50'), [field]: '4111111111111111' };
      for (const [by, expected] of [
        [desk, 'LooksLikeCardNumber'],
        [{ channel: 'online' }, null],
        [undefined, null],
      ] as const)
        expect(refusalOf(decide({ ...payment, ...(by && { by }) }, emptyAccount(), policy))).toBe(expected);
    },
  );

  it('may be allowed', () => {
    const command = { ...assess('f1', '2.50'), comment: numbers[0] as string };
    expect(refusalOf(decide(command, emptyAccount(), policyWith({ cardNumbers: 'allowed' })))).toBeNull();
  });

  it('are found in exactly one of ten numbers that differ only in their check digit, wherever they stand', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 14, maxLength: 14 }),
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom('', ' ', '-'),
        (digits, first, separator) => {
          const found = Array.from({ length: 10 }, (_, check) => {
            const number = [first, ...digits, check].join('').replace(/(....)(?=.)/g, `$1${separator}`);
            return withComment(`see ${number}, please`);
          });
          expect(found.filter((type) => type === 'LooksLikeCardNumber')).toHaveLength(1);
        },
      ),
      tried(100),
    );
  });
});

describe('comments that the policy requires', () => {
  const policy = policyWith({
    feeTypes: { COPY: { label: 'Copies', commentRequired: true }, OTHER: { label: 'Other' } },
    waiveReasons: { KIND: { label: 'Out of kindness', commentRequired: true }, FREE: 'Free' },
  });
  const charge = (more: object) =>
    decide(
      { type: 'AssessFee', id: 'f1', feeType: 'COPY', amount: '2.00', owner: 'MAIN', at, by: desk, ...more },
      emptyAccount(),
      policy,
    );

  it('are required for a fee type that staff charge by hand', () => {
    expect(charge({})).toMatchObject({
      rejection: { type: 'CommentRequired', kind: 'invalid', code: 'COPY' },
    });
    expect(charge({ comment: '  ' })).toMatchObject({ rejection: { type: 'CommentRequired' } });
    expect(refusalOf(charge({ comment: 'poster' }))).toBeNull();
    expect(refusalOf(charge({ automatic: true }))).toBeNull();
    expect(refusalOf(charge({ feeType: 'OTHER' }))).toBeNull();
  });

  it('are required for a reason for waiving', () => {
    const account = fold(charge({ feeType: 'OTHER' }).events);
    const waive = { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], at } as const;
    expect(refusalOf(decide({ ...waive, reason: 'KIND' }, account, policy))).toBe('CommentRequired');
    expect(
      refusalOf(decide({ ...waive, reason: 'KIND', comment: 'moved away' }, account, policy)),
    ).toBeNull();
    expect(refusalOf(decide({ ...waive, reason: 'FREE' }, account, policy))).toBeNull();
  });
});
