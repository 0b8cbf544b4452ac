import { memoryEventStore } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { almaFeesHandler } from '../../src/interop/alma/index.js';
import { sip2Service } from '../../src/interop/sip2/index.js';
import { bytesOf } from '../interop/sip2/terminal.js';
import { at, policy } from '../support/account.js';
import { figureOf, reported, withSdk } from './withSdk.js';

const now = () => at;

const its = withSdk();

describe('a service that is watched', () => {
  it('reports the method and the status of each request', async () => {
    const store = its.watching.store(memoryEventStore({ now }));
    const options = { store, policy, institution: 'north', now, newId: () => 'n1' };
    const handler = its.watching.handler(
      'alma',
      almaFeesHandler({
        ...options,
        patron: ({ userId }) => (userId === 'known' ? { patronId: 'p1' } : undefined),
      }),
    );
    for (const user of ['known', 'SECRET-user'])
      await handler(new Request(`https://x.example/almaws/v1/users/${user}/fees`));
    const requests = its.sdk.spans().filter(({ name }) => name.endsWith('request'));
    expect(requests.map(reported).map(([, attributes]) => attributes)).toEqual([
      { 'patron_fees.service': 'alma', 'http.request.method': 'GET', 'http.response.status_code': 200 },
      { 'patron_fees.service': 'alma', 'http.request.method': 'GET', 'http.response.status_code': 400 },
    ]);
  });

  it('reports the number of each SIP2 answer, and does not change the conversation', async () => {
    const store = its.watching.store(memoryEventStore({ now }));
    const options = { store, policy, institution: 'north', institutionCode: 'north', now, newId: () => 'n1' };
    const plain = sip2Service({ ...options, patron: () => ({ patronId: 'p1' }) });
    const connection = its.watching.sip2(plain).connect();
    const answers: string[] = [];
    const message = '9900302.00\r9900302.00\r';
    for await (const answer of connection.receive(bytesOf(message)))
      answers.push(new TextDecoder().decode(answer));
    expect(answers).toHaveLength(2);
    expect([connection.isLoggedIn, connection.isMidMessage, connection.isFinished]).toEqual([
      true,
      false,
      false,
    ]);
    const codes = its.sdk.spans().map(({ attributes }) => attributes['patron_fees.sip2.answer']);
    expect(codes).toEqual(['98', '98']);
    // In two pieces, of which only the second one has an answer.
    for (const piece of ['99003', '02.00\r'])
      for await (const answer of connection.receive(bytesOf(piece))) expect(answer).toBeDefined();
    expect(its.sdk.spans()).toHaveLength(3);
    expect(await figureOf(its.sdk, 'duration')).toHaveLength(1);
    // A server that loses the connection ends the loop early.
    for await (const answer of connection.receive(bytesOf(message))) {
      expect(answer).toBeDefined();
      break;
    }
    expect(() => connection.receive(bytesOf(message))).not.toThrow();
  });
});
