import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { decideRemittance, foldRemittances, noRemittances } from '../../src/bursar/index.js';
import { definePolicy } from '../../src/index.js';
import { decideTill, emptyTill, foldTill, officeEvents } from '../../src/office/index.js';
import { circumstancesOf, decideOffice } from '../../src/office/officeDecision.js';
import { received, policy as remittancePolicy, undone } from './remittances/remittances.js';
import { close, move, open } from './till/tills.js';

type Command = {
  readonly type: 'OpenTill';
  readonly id: string;
  readonly at: string;
  readonly by: { readonly channel: 'desk'; readonly userId: string };
  readonly comment?: string;
  readonly amount: string;
};

const command: Command = {
  type: 'OpenTill',
  id: 'c1',
  at: '2026-03-02T09:00:00Z',
  by: { channel: 'desk', userId: 'ana' },
  amount: '5',
};

const rules = {
  schema: (digits: number) =>
    v.pipe(
      v.looseObject({ id: v.string(), amount: v.pipe(v.string(), v.minLength(1, 'an amount')) }),
      v.transform((read) => ({ ...read, digits })),
    ),
  decide: (read: Command, context: object) =>
    read.amount === '9' ? { type: 'TooMuch' } : { data: { ...circumstancesOf(read), context } },
};

const empty = { currency: null, commands: new Map<string, string>() };
const dollars = definePolicy({ currency: 'USD' });

function decided(given: unknown, state: Parameters<typeof decideOffice>[1] = empty) {
  return decideOffice<Command, { readonly data: { readonly context: object } }, { readonly type: string }>(
    given as Command,
    state,
    dollars,
    rules,
  );
}

/** The state after the command. */
function stateAfter(): { readonly currency: string; readonly commands: ReadonlyMap<string, string> } {
  const { events } = decided(command);
  const { metadata } = (events[0] as { data: { context: object } }).data.context as {
    readonly metadata: { readonly commandDigest: string };
  };
  return { currency: 'USD', commands: new Map([['c1', metadata.commandDigest]]) };
}

it('returns the event, or the refusal of its own rules', () => {
  expect(decided({ ...command, comment: 'two rolls' })).toMatchObject({
    accepted: true,
    events: [{ data: { at: command.at, by: command.by, comment: 'two rolls', context: { digits: 2 } } }],
  });
  expect(decided({ ...command, amount: '9' })).toEqual({
    accepted: false,
    events: [],
    rejection: { type: 'TooMuch' },
  });
});

it('refuses card numbers that staff write in comments and references', () => {
  const card = '4111 1111 1111 1111';
  const cases = [
    [{ comment: `paid with ${card}` }, 'comment'],
    [{ reference: card }, 'reference'],
    [{ depositReference: card }, 'reference'],
  ] as const;
  for (const [texts, field] of cases) {
    const given = { ...command, ...texts };
    expect(decided(given)).toMatchObject({
      rejection: { type: 'LooksLikeCardNumber', kind: 'invalid', field },
    });
    expect(decided({ ...given, by: { channel: 'job', userId: 'ana' } }).accepted).toBe(true);
    const allowing = definePolicy({ currency: 'USD', cardNumbers: 'allowed' });
    expect(decideOffice(given, empty, allowing, rules).accepted).toBe(true);
  }
});

describe('the time of a command, with backdating', () => {
  const prompt = definePolicy({ currency: 'USD', backdating: { days: 7 } });
  const now = '2026-03-05T09:00:00Z';
  const at = (time: string, channel: 'desk' | 'job' = 'desk') => ({
    ...command,
    at: time,
    by: { channel, userId: 'ana' } as Command['by'],
  });

  it('is refused at a desk if it is mistyped, with the bounds', () => {
    const refusals = {
      '1970-01-01T00:00:00Z': { type: 'TooFarBack', kind: 'forbidden', earliest: '2026-02-26T09:00:00Z' },
      '2062-03-05T09:00:00Z': { type: 'InTheFuture', kind: 'invalid', latest: '2026-03-05T09:15:00Z' },
    };
    for (const [time, rejection] of Object.entries(refusals)) {
      expect(decideOffice(at(time), empty, prompt, rules, { now })).toEqual({
        accepted: false,
        events: [],
        rejection: { ...rejection, at: time },
      });
      expect(decideOffice(at(time, 'job'), empty, prompt, rules).accepted).toBe(true);
      expect(decideOffice(at(time), empty, dollars, rules).accepted).toBe(true);
    }
    for (const time of ['2026-02-26T09:00:00Z', '2026-03-05T09:15:00Z'])
      expect(decideOffice(at(time), empty, prompt, rules, { now }).accepted).toBe(true);
  });

  it('does not refuse a repeat, and needs the present time for anything else', () => {
    const again = at('1970-01-01T00:00:00Z');
    expect(decideOffice(again, stateAfter(), prompt, rules)).toEqual({ accepted: true, events: [] });
    expect(() => decideOffice(again, empty, prompt, rules)).toThrow('options.now');
  });

  it('is checked for tills and remittances', () => {
    const later = { now: '2026-06-01T09:00:00Z' };
    const bounded = definePolicy({ ...remittancePolicy, backdating: { days: 7 } });
    expect(decideTill(open(), emptyTill, bounded, later)).toMatchObject({
      rejection: { type: 'TooFarBack' },
    });
    expect(decideRemittance(received('r1', '5.00'), noRemittances, bounded, later)).toMatchObject({
      rejection: { type: 'TooFarBack' },
    });
  });
});

it('refuses a malformed command, and one with an invalid amount', () => {
  for (const [given, path] of [
    [{ ...command, amount: 5 }, 'amount'],
    [{ ...command, amount: '' }, 'amount'],
    [null, ''],
  ])
    expect(decided(given)).toMatchObject({ rejection: { type: 'InvalidOfficeCommand', faults: [{ path }] } });
});

it('accepts a repeat at another time, by another person and with another comment, before it compares currencies', () => {
  const again = {
    ...command,
    at: '2027-01-01T00:00:00Z',
    by: { channel: 'desk', userId: 'ben' },
    comment: 'x',
  };
  expect(decided(again, { ...stateAfter(), currency: 'EUR' })).toEqual({ accepted: true, events: [] });
  expect(decided({ ...command, amount: '6' }, { ...stateAfter(), currency: 'EUR' })).toMatchObject({
    rejection: { type: 'OfficeIdAlreadyUsed', kind: 'conflict', id: 'c1' },
  });
  expect(decided({ ...command, id: 'c2' }, { ...stateAfter(), currency: 'EUR' })).toMatchObject({
    rejection: {
      type: 'OfficeInOtherCurrency',
      kind: 'conflict',
      recordedCurrency: 'EUR',
      policyCurrency: 'USD',
    },
  });
});

describe('the permissions of a policy', () => {
  const permissions = {
    OpenTill: { CLERK: {}, MANAGER: {} },
    MoveTillMoney: { CLERK: { upTo: '50.00' }, MANAGER: { upTo: '500.00' } },
    CloseTill: { MANAGER: {} },
    RecordRemittance: { FINANCE: { upTo: '400.00' }, CHIEF: {} },
  };
  const strict = definePolicy({ ...remittancePolicy, permissions });
  const opened = open();
  const till = foldTill(decideTill(opened, emptyTill, remittancePolicy).events);
  const as = <Given extends { readonly by: object }>(given: Given, ...roles: string[]) => ({
    ...given,
    by: { ...given.by, roles },
  });
  const notPermitted = (commandType: string, needs: readonly string[], more: object = {}) => ({
    accepted: false,
    rejection: {
      type: 'NotPermitted',
      kind: 'forbidden',
      commandType,
      needs,
      limit: null,
      amount: null,
      ...more,
    },
  });

  it('are asked for every command to a till', () => {
    expect(decideTill(as(opened, 'CLERK'), emptyTill, strict).accepted).toBe(true);
    expect(decideTill(opened, emptyTill, strict)).toMatchObject(
      notPermitted('OpenTill', ['CLERK', 'MANAGER']),
    );
    const closing = close('z', '0.00', '50.00');
    expect(decideTill(as(closing, 'CLERK'), till, strict)).toMatchObject(
      notPermitted('CloseTill', ['MANAGER']),
    );
    expect(decideTill(as(closing, 'MANAGER'), till, strict).accepted).toBe(true);
    const online = { ...as(opened, 'CLERK'), by: { ...as(opened, 'CLERK').by, channel: 'online' } as const };
    expect(decideTill(online, emptyTill, strict).accepted).toBe(false);
  });

  it('limit the amount, and say which roles may', () => {
    const dropped = (amount: string, ...roles: string[]) =>
      decideTill(as(move('m', 'out', amount), ...roles), till, strict);
    expect(dropped('50', 'CLERK').accepted).toBe(true);
    expect(dropped('50.01', 'CLERK')).toMatchObject(
      notPermitted('MoveTillMoney', ['MANAGER'], { limit: '50.00', amount: '50.01' }),
    );
    expect(dropped('500.01', 'CLERK', 'MANAGER')).toMatchObject(
      notPermitted('MoveTillMoney', [], { limit: '500.00', amount: '500.01' }),
    );
  });

  it('limit the float, and a remittance with the commission', () => {
    const permissions = {
      OpenTill: { CLERK: { upTo: '50.00' } },
      RecordRemittance: { FINANCE: { upTo: '9.00' } },
    };
    const limited = definePolicy({ ...remittancePolicy, permissions });
    expect(decideTill(as(open(), 'CLERK'), emptyTill, limited).accepted).toBe(true);
    expect(decideTill(as(open('s', '0'), 'CLERK'), emptyTill, limited).accepted).toBe(true);
    expect(decideTill(as(open('s', '50.01'), 'CLERK'), emptyTill, limited)).toMatchObject(
      notPermitted('OpenTill', [], { limit: '50.00', amount: '50.01' }),
    );
    const wire = (commission: string) =>
      decideRemittance(as(received('r1', '5.00', { commission }), 'FINANCE'), noRemittances, limited);
    expect(wire('4.00').accepted).toBe(true);
    expect(wire('4.01')).toMatchObject(
      notPermitted('RecordRemittance', [], { limit: '9.00', amount: '9.01' }),
    );
  });

  it('are asked for remittances, and for undoing them', () => {
    const wire = received('r1', '400.01');
    expect(decideRemittance(as(wire, 'FINANCE'), noRemittances, strict)).toMatchObject(
      notPermitted('RecordRemittance', ['CHIEF'], { limit: '400.00', amount: '400.01' }),
    );
    const { events } = decideRemittance(as(wire, 'CHIEF'), noRemittances, strict);
    expect(events).toHaveLength(1);
    expect(decideRemittance(as(undone('u1', 'r1'), 'CHIEF'), foldRemittances(events), strict)).toMatchObject(
      notPermitted('ReverseRemittance', []),
    );
  });

  it('are not asked for a repeat, and roles are never recorded', () => {
    expect(decideTill(opened, till, strict)).toEqual({ accepted: true, events: [] });
    const { events } = decideTill(as(opened, 'CLERK'), emptyTill, strict);
    expect(events).toEqual(decideTill(opened, emptyTill, remittancePolicy).events);
    expect(events.map((event) => officeEvents.decode(officeEvents.encode(event)))).toEqual(events);
  });
});
