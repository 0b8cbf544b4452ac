import { AssertionError } from 'node:assert';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, decide, fold } from '../../src/index.js';
import { scenario } from '../../src/testing/index.js';
import { finesAndFees, receipt, summary } from '../../src/views/index.js';
import { ask, assess, at, pay, policyWith, waive } from '../support/account.js';

const currency = 'USD';
const { given } = scenario();

type DataOf<Type extends AccountEvent['type']> = Extract<AccountEvent, { type: Type }>['data'];

function assessed(feeId: string, amount: string, more: Partial<DataOf<'FeeAssessed'>> = {}): AccountEvent {
  return {
    type: 'FeeAssessed',
    data: { feeId, feeType: 'OVERDUEFINE', amount, currency, owner: 'MAIN', at, ...more },
  };
}

function paid(paymentId: string, feeId: string, amount: string): AccountEvent {
  const allocations = [{ feeId, amount }];
  return { type: 'PaymentReceived', data: { paymentId, amount, currency, method: 'CASH', allocations, at } };
}

/** The message that a scenario throws; the error must be an AssertionError of Node. */
function failure(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    expect(error).toBeInstanceOf(AssertionError);
    return (error as AssertionError).message;
  }
  throw new Error('nothing was thrown');
}

const table = (...lines: string[]) => lines.join('\n');

describe('then', () => {
  it('accepts exactly the events that happened, whatever the order of their fields', () => {
    const { type, data } = paid('p1', 'f1', '4.00');
    const reordered = { data: Object.fromEntries(Object.entries(data).reverse()), type } as AccountEvent;
    given([assessed('f1', '10.00')])
      .when(pay('p1', '4'))
      .then([reordered]);
  });

  it('treats an undefined field as missing', () => {
    const fee = { ...assess('f1', '10.00'), loanId: undefined as never };
    given()
      .when(fee)
      .then([assessed('f1', '10.00', { item: undefined as never })]);
  });

  it('decides a list as one command', () => {
    given()
      .when([assess('f1', '10.00'), pay('p1', '10.00')])
      .then([assessed('f1', '10.00'), paid('p1', 'f1', '10.00')]);
  });

  it('uses the policy it was made for', () => {
    const yen = scenario(policyWith({ currency: 'JPY' }));
    yen
      .given()
      .when(assess('f1', '1250'))
      .then([assessed('f1', '1250', { currency: 'JPY' })]);
  });

  it('shows both sides when an amount differs, and where', () => {
    const check = () =>
      given([assessed('f1', '10.00'), assessed('f2', '3.00')])
        .when([assess('f3', '1.00'), pay('p1', '5.00', { feeIds: ['f1'] })])
        .then([assessed('f3', '1.00'), paid('p1', 'f1', '4.00')]);
    expect(failure(check)).toBe(
      table(
        'The events differ, first in event 2.',
        '',
        '     expected                                           actual',
        '  1  FeeAssessed f3 1.00 OVERDUEFINE                    FeeAssessed f3 1.00 OVERDUEFINE',
        '> 2  PaymentReceived p1 4.00 CASH allocations: f1 4.00  PaymentReceived p1 5.00 CASH allocations: f1 5.00',
        '',
        '  event 2                     expected  actual',
        '> data.amount                 "4.00"    "5.00"',
        '  data.allocations[0].amount  "4.00"    "5.00"',
      ),
    );
  });

  it('shows a difference that is not visible in the line of the event', () => {
    const check = () =>
      given()
        .when(assess('f1', '10.00', { comment: 'Sorry' }))
        .then([assessed('f1', '10.00', { owner: 'BRANCH' })]);
    expect(failure(check)).toBe(
      table(
        'The events differ, first in event 1.',
        '',
        '     expected                          actual',
        '> 1  FeeAssessed f1 10.00 OVERDUEFINE  FeeAssessed f1 10.00 OVERDUEFINE',
        '',
        '  event 1       expected   actual',
        '> data.owner    "BRANCH"   "MAIN"',
        '  data.comment  (nothing)  "Sorry"',
      ),
    );
  });

  it('shows missing and additional events', () => {
    const fees = [assessed('f1', '10.00')];
    const outcome = given(fees).when(pay('p1', '4.00'));
    expect(failure(() => outcome.then([]))).toContain(
      '> 1  (nothing)  PaymentReceived p1 4.00 CASH allocations: f1 4.00',
    );
    expect(failure(() => outcome.then([paid('p1', 'f1', '4.00'), paid('p2', 'f1', '1.00')]))).toContain(
      '> 2  PaymentReceived p2 1.00 CASH allocations: f1 1.00  (nothing)',
    );
  });

  it('compares the order of events', () => {
    const outcome = given().when([assess('f1', '1.00'), assess('f2', '2.00')]);
    expect(failure(() => outcome.then([assessed('f2', '2.00'), assessed('f1', '1.00')]))).toContain(
      'first in event 1',
    );
  });

  it('says why the command was refused instead', () => {
    const check = () =>
      given([assessed('f1', '10.00')])
        .when(pay('p1', '12.00'))
        .then([paid('p1', 'f1', '12.00')]);
    expect(failure(check)).toBe(
      'Expected one event, but it was refused: PaymentExceedsOwed (amount "12.00", owed "10.00")',
    );
  });

  it('says which command of a list was refused', () => {
    const outcome = given().when([assess('f1', '1.00'), waive('w1', 'f9')]);
    expect(failure(() => outcome.then([assessed('f1', '1.00'), assessed('f2', '1.00')]))).toBe(
      'Expected 2 events, but it was refused: FeeNotFound (feeId "f9"), command 2 of the list',
    );
  });

  it('compares metadata only if expected, and only the named fields', () => {
    const command = assess('f1', '1.00', { metadata: { correlationId: 'request 7' } });
    const event = assessed('f1', '1.00');
    const outcome = given().when(command);
    outcome.then([{ ...event, metadata: { commandId: 'f1' } }]);
    outcome.then([{ ...event, metadata: { correlationId: 'request 7' } }]);
    expect(failure(() => outcome.then([{ ...event, metadata: { commandId: 'f2' } }]))).toContain(
      '> metadata.commandId  "f2"      "f1"',
    );
    expect(failure(() => outcome.then([{ ...event, metadata: { causationId: 'm1' } }]))).toContain(
      '> metadata.causationId  "m1"      (nothing)',
    );
  });

  it('gives both sides to the test runner to show in full', () => {
    const expected = [assessed('f1', '2.00')];
    try {
      given().when(assess('f1', '1.00')).then(expected);
    } catch (error) {
      expect(error).toMatchObject({ expected, actual: [{ data: { amount: '1.00' } }] });
    }
    expect.assertions(1);
  });

  it('throws if an expected event is invalid', () => {
    expect(() =>
      given()
        .when(assess('f1', '1.00'))
        .then([undefined as never]),
    ).toThrow('INVALID_ARGUMENT: then[0]: missing (expected an event)');
  });

  it('throws if a scenario is awaited, since it is not a promise', async () => {
    const awaited = given().when(assess('f1', '1.00')) as unknown as Promise<unknown>;
    const message =
      'INVALID_ARGUMENT: then: expected a list of events, found function; a scenario is no promise, neither await nor return it';
    await expect(async () => await awaited).rejects.toThrow(message);
  });

  it('may be the last statement of an async test', async () => {
    const check = async () =>
      given()
        .when(assess('f1', '1.00'))
        .then([assessed('f1', '1.00')]);
    expect(Object.keys(await check())).toEqual(['twice', 'thenView']);
  });
});

describe('every field of an event', () => {
  const history = [assessed('f1', '10.00'), paid('p1', 'f1', '4.00')];
  const command = pay('p2', '6.00', { comment: 'Thanks', by: { channel: 'desk', desk: 'East' } });
  const decision = decide(command, fold(history), policyWith());
  const outcome = given(history).when(command);

  /** The paths of all leaves. */
  const leaves = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
      : [path];

  it.each(leaves(decision.events[0]).map((path) => ({ name: path.join('.'), path })))(
    'is compared, including $name',
    ({ path }) => {
      outcome.then(decision.events);
      const expected = structuredClone(decision.events);
      const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as never)[key], expected[0]);
      Object.assign(parent as object, { [path.at(-1) as string]: 'something else' });
      expect(failure(() => outcome.then(expected))).toContain('"something else"');
      delete (parent as Record<string, unknown>)[path.at(-1) as string];
      if (path[0] !== 'metadata') expect(() => outcome.then(expected)).toThrow(AssertionError);
    },
  );
});

describe('thenRejects', () => {
  const tooMuch = given([assessed('f1', '10.00')]).when(pay('p1', '12.00'));

  it('accepts a rejection with that name and the named fields', () => {
    tooMuch.thenRejects('PaymentExceedsOwed');
    tooMuch.thenRejects('PaymentExceedsOwed', { owed: '10.00' }).twice();
  });

  it('shows the fields that differ', () => {
    const check = () => tooMuch.thenRejects('PaymentExceedsOwed', { feeId: 'f1', owed: '9.00' });
    expect(failure(check)).toBe(
      table(
        'The refusal PaymentExceedsOwed has other fields than expected.',
        '',
        '         expected  actual',
        '> feeId  "f1"      null',
        '  owed   "9.00"    "10.00"',
      ),
    );
  });

  it('shows the rejection if another one was expected', () => {
    expect(failure(() => tooMuch.thenRejects('FeeNotFound', { feeId: 'f1' }))).toBe(
      'Expected the refusal FeeNotFound, but it was refused for another reason: ' +
        'PaymentExceedsOwed (amount "12.00", owed "10.00")',
    );
  });

  it('shows what happened instead', () => {
    const check = () => given().when(assess('f1', '1.00')).thenRejects('FeeTypeUnknown');
    expect(failure(check)).toBe(
      table(
        'Expected the refusal FeeTypeUnknown, but it was accepted.',
        '',
        '     expected   actual',
        '> 1  (nothing)  FeeAssessed f1 1.00 OVERDUEFINE',
      ),
    );
    const nothing = () => given().when([]).thenRejects('InvalidCommand');
    expect(failure(nothing)).toBe(
      'Expected the refusal InvalidCommand, but it was accepted and changed nothing',
    );
  });
});

describe('thenNothing', () => {
  it('accepts a command that was done before', () => {
    const webhook = pay('p1', '4.00', { method: 'ONLINE', externalTransactionId: 'x1' });
    const allocations = [{ feeId: 'f1', amount: '4.00' }];
    const reported: AccountEvent = {
      type: 'PaymentReceived',
      data: {
        ...(paid('p1', 'f1', '4.00').data as DataOf<'PaymentReceived'>),
        allocations,
        method: 'ONLINE',
        externalTransactionId: 'x1',
      },
    };
    given([assessed('f1', '10.00'), reported])
      .when({ ...webhook, id: 'p2' })
      .thenNothing()
      .twice();
  });

  it('shows what happened, or the rejection', () => {
    expect(failure(() => given().when(assess('f1', '1.00')).thenNothing())).toContain(
      '> 1  (nothing)  FeeAssessed f1 1.00 OVERDUEFINE',
    );
    expect(failure(() => given().when(pay('p1', '1.00')).thenNothing())).toBe(
      'Expected that nothing happens, but it was refused: ' +
        'PaymentExceedsOwed (amount "1.00", owed "0.00")',
    );
  });
});

describe('twice', () => {
  it('accepts a command that adds nothing the second time, before or after the first result', () => {
    given()
      .when(assess('f1', '1.00'))
      .twice()
      .then([assessed('f1', '1.00')])
      .twice();
  });

  it('finds commands that are created again for each request', () => {
    let requests = 0;
    const outcome = given().when(() => {
      requests += 1;
      return assess(`f${requests}`, '1.00');
    });
    expect(failure(() => outcome.then([assessed('f1', '1.00')]).twice())).toBe(
      table(
        'Asked twice, it happened twice.',
        '',
        '     expected   actual',
        '> 1  (nothing)  FeeAssessed f2 1.00 OVERDUEFINE',
      ),
    );
  });

  it('finds commands that are refused the second time', () => {
    const outcome = given([assessed('f1', '1.00')]).when(({ payments }) =>
      pay(`p${payments.length}`, '1.00'),
    );
    expect(failure(() => outcome.twice())).toBe(
      'Asked twice, it was accepted first and then refused: ' +
        'PaymentExceedsOwed (amount "1.00", owed "0.00")',
    );
  });
});

describe('thenView', () => {
  const outcome = given([assessed('f1', '10.00'), assessed('f2', '3.00')]).when(pay('p1', '4.00'));

  it('compares the named fields', () => {
    outcome
      .thenView(summary, { active: '9.00', creditsByPurpose: { goodwill: '0.00' } })
      .thenView(finesAndFees, { rows: [{ id: 'f1' }, { id: 'f2' }] })
      .thenView((account) => receipt(account, policyWith(), { paymentId: 'p1' }), { amount: '4.00' })
      .thenView(({ fees }) => fees.length, 2);
  });

  it('shows every field that differs', () => {
    expect(
      failure(() => outcome.thenView(summary, { active: '10.00', disputed: '0.00', payable: '13.00' })),
    ).toBe(
      table(
        'The view summary shows something else than expected.',
        '',
        '           expected  actual',
        '> active   "10.00"   "9.00"',
        '  payable  "13.00"   "9.00"',
      ),
    );
  });

  it('requires every entry of a list', () => {
    const ids = ({ fees }: { fees: readonly { feeId: string }[] }) => fees.map(({ feeId }) => feeId);
    expect(failure(() => outcome.thenView(ids, ['f1']))).toBe(
      table(
        'The view ids shows something else than expected.',
        '',
        '       expected   actual',
        '> [1]  (nothing)  "f2"',
      ),
    );
  });

  it('shows the view before the command if the command was refused', () => {
    given([assessed('f1', '10.00')])
      .when(pay('p1', '12.00'))
      .thenView(summary, { active: '10.00' });
  });
});

describe('given', () => {
  it('refuses an invalid history', () => {
    expect(() => given([paid('p1', 'f1', '1.00')])).toThrow(/^CORRUPT_HISTORY: .*event 1/);
  });
});

describe('a scenario of disputes', () => {
  it('reads as a sentence', () => {
    given([assessed('f1', '10.00')])
      .when(ask('DisputeFee', 'd1', { feeId: 'f1' }))
      .then([{ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } }])
      .twice()
      .thenView(summary, { active: '0.00', disputed: '10.00' });
  });
});
