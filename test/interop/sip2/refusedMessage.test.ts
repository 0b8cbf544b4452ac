import { describe, expect, it } from 'vitest';
import { ANSWERED, checked, NOW, terminal } from './terminal.js';

const AF = 'AFThis is not offered here.|';

/** The requests of circulation, as 3M's document writes them, and their answers. */
const circulation = [
  [`11YN${NOW}${NOW}AOnorth|AA2000171|AB30447|AC|`, `120NUN${ANSWERED}AOnorth|AA2000171|AB30447|AJ|AH|${AF}`],
  [`09N${NOW}${NOW}APdesk|AOnorth|AB30447|AC|BIN|`, `100NUN${ANSWERED}AOnorth|AB30447|AQ|${AF}`],
  [`15+${NOW}AOnorth|AA2000171|AB30447|`, `160N${ANSWERED}AOnorth|AA2000171|AB30447|${AF}`],
  [`17${NOW}AOnorth|AB30447|`, `18010001${ANSWERED}AB30447|AJ|${AF}`],
  [`19${NOW}AOnorth|AB30447|CH|`, `200${ANSWERED}AB30447|${AF}`],
  [`29NN${NOW}${NOW}AOnorth|AA2000171|AB30447|`, `300NUN${ANSWERED}AOnorth|AA2000171|AB30447|AJ|AH|${AF}`],
  [`65${NOW}AOnorth|AA2000171|`, `66000000000${ANSWERED}AOnorth|${AF}`],
] as const;

describe('a kiosk that also circulates', () => {
  it.each(circulation)('gets a refusal of %s, and no request to send it again', async (request, answer) => {
    const { ask } = await terminal();
    expect(await ask(request)).toBe(answer);
    expect(await ask(checked(request, '3'))).toBe(checked(answer, '3'));
  });

  it('is not disconnected, however many items a patron brings', async () => {
    const { ask, connection } = await terminal();
    for (let n = 0; n < 20; n++) expect(await ask(circulation[0][0])).toMatch(/^120/);
    expect(connection.isFinished).toBe(false);
    expect(await ask(`23001${NOW}AOnorth|AA2000171|`)).toContain('|BV12.50|');
  });

  it.each([
    ['01', `01N${NOW}AOnorth|ALstolen|AA2000171|AC|`, '24'],
    ['25', `25${NOW}AOnorth|AA2000171|AC|`, '26'],
  ])('gets the status of the patron that it asks to block or enable (%s)', async (_code, request, code) => {
    const { ask, account } = await terminal();
    const before = await account();
    expect(await ask(request)).toBe(
      `${code}YYYY      YY  001${ANSWERED}AOnorth|AA2000171|AEDev Verma|BLY|BHUSD|BV12.50|${AF}`,
    );
    expect(await account()).toEqual(before);
  });

  it.each(['11YN', '77hello', `01N${NOW}AA1|AA2|`])(
    'is asked to resend %s, which is not a message',
    async (request) => {
      const { ask, connection } = await terminal();
      for (let n = 0; n < 5; n++) expect(await ask(request)).toBe('96');
      expect(connection.isFinished).toBe(true);
    },
  );
});

describe('messages that go to the library system', () => {
  it('are answered by it, with the sequence number and checksum of the request', async () => {
    const passed: unknown[] = [];
    const answer = `121NNY${NOW}AOnorth|AA2000171|AB30447|AJMaps|AH20260401|`;
    const { ask } = await terminal({
      otherMessage: (message) => {
        passed.push(message);
        // As a system that speaks SIP2 itself answers: with its own sequence number, checksum and line end.
        return `${answer}AY9AZ1234\r`;
      },
    });
    const [request] = circulation[0];
    expect(await ask(checked(request, '4'))).toBe(checked(answer, '4'));
    expect(await ask(request)).toBe(answer);
    expect(passed).toEqual([
      { code: '11', text: request, terminal: {} },
      { code: '11', text: request, terminal: {} },
    ]);
    expect(await ask('9900302.00')).toBe(`98YYYYNN030003${ANSWERED}2.00AOnorth|BX${'Y'.repeat(16)}|`);
  });

  it('are passed on once if the terminal sends one again', async () => {
    let checkouts = 0;
    const { ask } = await terminal({
      otherMessage: () => {
        checkouts += 1;
        return `12${checkouts}`;
      },
    });
    const request = checked(circulation[0][0], '4');
    for (let n = 0; n < 3; n++) expect(await ask(request)).toBe(checked('121', '4'));
    expect(await ask('97')).toBe(checked('121', '4'));
    expect(checkouts).toBe(1);
  });

  it('are all messages with a two-digit code that are not about fees, and no others', async () => {
    const codes: string[] = [];
    const { ask } = await terminal({
      otherMessage: ({ code }) => {
        codes.push(code);
        return undefined;
      },
    });
    for (const [request] of circulation) await ask(request);
    for (const request of ['9900302.00', '9300CN|CO|', `23001${NOW}AA1|`, `35${NOW}AA1|`, '97', 'hello'])
      await ask(request);
    await ask('77private');
    expect(codes).toEqual(['11', '09', '15', '17', '19', '29', '65', '77']);
  });

  it('are refused if it does not know them, or before the login', async () => {
    const login = () => ({ desk: 'K1' });
    const passed: unknown[] = [];
    const { ask } = await terminal({
      login,
      otherMessage: ({ terminal: kiosk }) => {
        passed.push(kiosk);
        return undefined;
      },
    });
    expect(await ask(circulation[0][0])).toBe(circulation[0][1]);
    expect(passed).toEqual([]);
    await ask('9300CNk|COs|');
    expect(await ask(circulation[0][0])).toBe(circulation[0][1]);
    expect(passed).toEqual([{ desk: 'K1' }]);
  });

  it('cannot end a message of the answer early', async () => {
    const { send } = await terminal({ otherMessage: () => '121\r38Y\r\n' });
    expect(await send(new TextEncoder().encode('11\r'))).toEqual(['121 38Y\r']);
  });
});
