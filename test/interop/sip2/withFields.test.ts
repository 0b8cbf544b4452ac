import { describe, expect, it } from 'vitest';
import type { Sip2Answered } from '../../../src/interop/sip2/index.js';
import { feePaidMessage, fieldsOf, information, NOW, status, terminal, withPasswords } from './terminal.js';

const FIXED_64 = 61;

describe("a system that shows a patron's address, e-mail and phone (Evergreen's tests)", () => {
  const address = { BD: '1 Main Street', BE: 'dev@example.org', BF: '555-0100' };

  it('finds them in 24, 64 and 38', async () => {
    const seen: Sip2Answered[] = [];
    const { ask } = await terminal({
      fields: (answered) => {
        seen.push(answered);
        return answered.patron === undefined ? {} : address;
      },
    });
    const added = 'BD1 Main Street|BEdev@example.org|BF555-0100|';
    expect((await ask(status('AA2000171|'))).endsWith(`|${added}`)).toBe(true);
    expect((await ask(information('AA2000171|'))).endsWith(`|${added}`)).toBe(true);
    expect((await ask(feePaidMessage('1.00', 'BK1|'))).endsWith(`|${added}`)).toBe(true);
    expect(await ask(status('AA999|'))).not.toContain('|BD');
    expect(await ask(`01N${NOW}AOnorth|AL|AA2000171|`)).toContain(`|${added}`);
    const patron = { patronId: 'p1', name: 'Dev Verma', group: 'STUDENT' };
    const known = { identifier: '2000171', patron, isKnown: true, passwordIsValid: undefined, terminal: {} };
    expect(seen).toEqual([
      { code: '24', ...known },
      { code: '64', ...known },
      { code: '38', ...known },
      { ...known, code: '24', identifier: '999', patron: undefined, isKnown: false },
      { code: '24', ...known },
    ]);
  });

  it('finds the name even if the PIN is wrong, if the library wants that', async () => {
    const { ask } = await terminal({
      ...withPasswords,
      fields: ({ isKnown, passwordIsValid }) =>
        isKnown && passwordIsValid === false ? { AE: 'Fumi Tanaka' } : {},
    });
    const fields = fieldsOf(await ask(information('AA2000172|AD1|')), FIXED_64);
    expect([fields.get('AE'), fields.get('CQ'), fields.get('BV')]).toEqual([
      ['Fumi Tanaka'],
      ['N'],
      undefined,
    ]);
  });

  it.each([{ AZ: '1' }, { AY: '1' }, { address: 'x' }, { bd: 'x' }, { BD: 7 }, [], 'BD'])(
    'is not sent the fields %o: the error is thrown',
    async (fields) => {
      const { ask } = await terminal({ fields: () => fields as unknown as Record<string, string> });
      await expect(ask(status('AA2000171|'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});
