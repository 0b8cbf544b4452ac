import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { type Command, definePolicy } from '../../../src/index.js';
import { FINE_ITEMS_MAX, findPatron } from '../../../src/interop/sip2/patronResponse.js';
import { readSip2Request, type Sip2Request } from '../../../src/interop/sip2/sip2Message.js';
import { type Sip2Options, sip2Settings } from '../../../src/interop/sip2/sip2Options.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { ANSWERED, bytesOf, fieldsOf, NOW, now, policy, terminal } from './terminal.js';

const STATUS = 14;
const BLOCKED = 'The account is blocked because of fines and fees.';
const IDENTITY = 'AOnorth|AA2000171|AC|AD|';
/** The length of the fixed part of a Patron Information response. */
const FIXED_64 = 2 + STATUS + 3 + 18 + 24;

const information = (items: string, fields = IDENTITY) => `63001${NOW}${items.padEnd(10)}${fields}`;

describe('Patron Status (23)', () => {
  it('is answered with the name, the currency and what can be paid', async () => {
    const { ask } = await terminal();
    expect(await ask(`23001${NOW}${IDENTITY}`)).toBe(
      `24YYYY      YY  001${ANSWERED}AOnorth|AA2000171|AEDev Verma|BLY|CQN|BHUSD|BV12.50|AF${BLOCKED}|`,
    );
  });

  it('has free privileges for a patron below the limits, and for one without a group', async () => {
    const generous = definePolicy({ currency: 'USD', blockLimits: { STUDENT: [{ amount: '12.50' }] } });
    const { ask } = await terminal({ policy: generous });
    expect((await ask(`23001${NOW}AOnorth|AA2000172|`)).slice(2, 2 + STATUS)).toBe(' '.repeat(STATUS));
    // The disputed fee counts: 16.50 is owed.
    expect((await ask(`23001${NOW}AOnorth|AA2000171|`)).slice(2, 2 + STATUS)).toBe('YYYY      YY  ');
  });

  it('blocks a patron by what is owed in all merged accounts', async () => {
    const limits = definePolicy({ currency: 'USD', blockLimits: { '*': [{ amount: '16.50' }] } });
    const { ask, store, stream } = await terminal({ policy: limits });
    const statusOf = async (card: string) =>
      (await ask(`23001${NOW}AOnorth|AA${card}|`)).slice(2, 2 + STATUS);
    const twin = { institution: 'north', patronId: 'p2' };
    const fee = {
      type: 'AssessFee',
      id: 'f1',
      feeType: 'OTHER',
      amount: '0.01',
      owner: 'MAIN',
      at: now,
    } as const;
    await execute(store, policy, twin, fee);
    expect([await statusOf('2000171'), await statusOf('2000172')]).toEqual([
      ' '.repeat(STATUS),
      ' '.repeat(STATUS),
    ]);
    await mergeAccounts(store, policy, { from: twin, into: stream, id: 'm1', at: now });
    expect([await statusOf('2000171'), await statusOf('2000172')]).toEqual([
      'YYYY      YY  ',
      'YYYY      YY  ',
    ]);
    expect(await ask(`23001${NOW}AOnorth|AA2000172|`)).toContain('|BV12.51|');
  });

  it('repeats the language of the request, or says English', async () => {
    const { ask } = await terminal();
    expect((await ask(`23019${NOW}${IDENTITY}`)).slice(2 + STATUS, 2 + STATUS + 3)).toBe('019');
    expect((await ask(`23   ${NOW}${IDENTITY}`)).slice(2 + STATUS, 2 + STATUS + 3)).toBe('001');
  });

  it.each([
    ['an unknown patron', `AOnorth|AA999|`],
    ['no patron', 'AOnorth|'],
    ['another institution', 'AOsouth|AA2000171|'],
    ['an identifier that no account can have', `AOnorth|AA${'x'.repeat(201)}|`],
  ])('returns nothing about %s', async (_name, fields) => {
    const response = await (await terminal()).ask(`23001${NOW}${fields}`);
    expect(response).toMatch(/^24YYYY {10}001/);
    expect(response).toContain('|AE|BLN|');
    expect(response).not.toMatch(/BV|BH|Verma/);
  });

  it('is answered for a request without an institution', async () => {
    expect(await (await terminal()).ask(`23001${NOW}AO|AA2000171|`)).toContain('|BLY|BHUSD|BV12.50|');
    expect(await (await terminal()).ask(`23001${NOW}AA2000171|`)).toContain('|BLY|BHUSD|BV12.50|');
  });

  it('uses the code of the institution that terminals have', async () => {
    const { ask } = await terminal({ institutionCode: 'N01' });
    expect(await ask(`23001${NOW}AON01|AA2000171|`)).toContain('AON01|AA2000171|AEDev Verma|BLY');
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`)).toContain('BLN');
  });

  it('returns nothing if the password is wrong', async () => {
    const { ask } = await terminal({
      patron: ({ password }) => ({ patronId: 'p1', name: 'Dev Verma', passwordIsValid: password === '1234' }),
    });
    expect(await ask(`23001${NOW}AOnorth|AA2000171|AC|AD1234|`)).toContain(
      'AEDev Verma|BLY|CQY|BHUSD|BV12.50|',
    );
    const wrong = await ask(`23001${NOW}AOnorth|AA2000171|AC|AD1|`);
    expect(wrong).toMatch(/^24YYYY {10}/);
    expect(wrong).toContain('|AE|BLY|CQN|');
    expect(wrong).not.toMatch(/BV|Verma/);
  });
});

describe('Patron Information (63)', () => {
  it('is answered with counts, the smallest limit, and no items unless asked', async () => {
    const response = await (await terminal()).ask(information(''));
    expect(response).toBe(
      `64YYYY      YY  001${ANSWERED}            0003        ` +
        `AOnorth|AA2000171|AEDev Verma|BLY|CQN|BHUSD|BV12.50|CC8.00|AF${BLOCKED}|`,
    );
  });

  it('has one fine item for each payable fee if the fourth position asks for them', async () => {
    const response = await (await terminal()).ask(information('   Y'));
    expect(fieldsOf(response, FIXED_64).get('AV')).toEqual([
      'f1 $5.00 "FINE" Maps of the sea',
      'f2 $5.00 "LOST" Birds   rivers and more',
      'f3 $2.50 "FEE" Other',
    ]);
    const other = await (await terminal()).ask(information('Y  N'));
    expect(fieldsOf(other, FIXED_64).has('AV')).toBe(false);
  });

  it.each([
    ['BP2|BQ2|', ['f2']],
    ['BP2|', ['f2', 'f3']],
    ['BQ1|', ['f1']],
    ['BP0002|BQ0003|', ['f2', 'f3']],
    ['BP3|BQ1|', []],
    ['BP9|BQ12|', []],
    ['BP0|BQ0|', []],
    ['BPx|BQ-1|', ['f1', 'f2', 'f3']],
    ['BP999999999999999|BQ|', ['f1', 'f2', 'f3']],
  ])('has the requested part of the list: %s', async (range, expected) => {
    const { ask } = await terminal({ fineItem: ({ feeId }) => feeId });
    const response = await ask(information('   Y', `${IDENTITY}${range}`));
    expect(fieldsOf(response, FIXED_64).get('AV') ?? []).toEqual(expected);
  });

  it('has at most 100 items, and counts all', async () => {
    const { ask, store, stream } = await terminal({ fineItem: ({ feeId }) => feeId });
    const more = Array.from({ length: 120 }, (_, n): Command => {
      return { type: 'AssessFee', id: `m${n}`, feeType: 'OTHER', amount: '1.00', owner: 'MAIN', at: now };
    });
    await execute(store, policy, stream, more);
    const response = await ask(information('   Y'));
    expect(response.slice(49, 53)).toBe('0123');
    expect(fieldsOf(response, FIXED_64).get('AV')).toHaveLength(FINE_ITEMS_MAX);
    const rest = await ask(information('   Y', `${IDENTITY}BP101|`));
    expect(fieldsOf(rest, FIXED_64).get('AV')).toHaveLength(23);
  });

  it('has no limit where the policy has none for the group', async () => {
    const { ask } = await terminal({ policy: definePolicy({ currency: 'USD' }) });
    expect(await ask(information(''))).toMatch(/^64 {14}001.*BV12.50\|$/);
  });

  it('is answered in the currency of the account, without its limits, if the policy changed', async () => {
    const euro = definePolicy({ currency: 'EUR', blockLimits: { '*': [{ amount: '1.00' }] } });
    const { ask } = await terminal({ policy: euro });
    expect(await ask(information(''))).toMatch(/^64 {14}001.*BHUSD\|BV12.50\|$/);
  });

  it('returns nothing about an unknown patron, for any request', async () => {
    const response = await (await terminal()).ask(information('YYYYYYYYYY', 'AOnorth|AA1|'));
    expect(response).toBe(
      `64YYYY          001${ANSWERED}${'0000'.padStart(16).padEnd(24)}AOnorth|AA1|AE|BLN|AFThere is no such patron.|`,
    );
  });
});

describe('findPatron', () => {
  const requestOf = (text: string) => readSip2Request(bytesOf(text), 'utf-8') as Sip2Request;

  it('asks the hook with the identifier, the password and the terminal', async () => {
    const asked: unknown[] = [];
    const { store } = await terminal();
    const patron: Sip2Options['patron'] = (request) => {
      asked.push(request);
      return { patronId: 'p1' };
    };
    const settings = sip2Settings({
      store,
      policy,
      institution: 'north',
      now: () => now,
      newId: () => 'x',
      patron,
    });
    const desk = { desk: 'KIOSK' };
    const found = await findPatron(requestOf(`23001${NOW}AOnorth|AAa|AD12|`), desk, settings);
    expect(found).toMatchObject({ identifier: 'a', isKnown: true, passwordIsValid: undefined });
    await findPatron(requestOf(`23001${NOW}AOnorth|AAa|AD|`), desk, settings);
    await findPatron(requestOf(`23001${NOW}AOnorth|AAa|`), undefined, settings);
    await findPatron(requestOf(`23001${NOW}AOsouth|AAa|`), desk, settings);
    expect(asked).toEqual([
      { identifier: 'a', password: '12', terminal: desk },
      { identifier: 'a', password: undefined, terminal: desk },
    ]);
  });
});
