import type { EventStore } from '../../src/history/index.js';
import type { FeePolicy } from '../../src/index.js';
import { almaFeesHandler, type ServiceOptions } from '../../src/interop/alma/index.js';
import { sip2Service } from '../../src/interop/sip2/index.js';
import { bytesOf } from '../interop/sip2/terminal.js';
import { at } from './account.js';
import { institution } from './merging.js';

/** Both services of a store; the patron ids are the cards and the users. */
export function servicesOf(store: EventStore, policy: FeePolicy, more: Partial<ServiceOptions> = {}) {
  let ids = 0;
  const options = { store, policy, institution, now: () => at, newId: () => `new-${++ids}`, ...more };
  const service = sip2Service({
    ...options,
    institutionCode: 'north',
    patron: ({ identifier }) => ({ patronId: identifier }),
  });
  const handler = almaFeesHandler({ ...options, patron: ({ userId }) => ({ patronId: userId }) });
  return {
    sip2: async (message: string) => {
      let text = '';
      for await (const response of service.connect().receive(bytesOf(`${message}\r`)))
        text += new TextDecoder().decode(response);
      return text.trimEnd();
    },
    alma: async (path: string, method = 'GET', body?: object) => {
      const headers = { accept: 'application/json', 'content-type': 'application/json' };
      const address = `https://alma.example/almaws/v1/users/${path}`;
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const response = await handler(new Request(address, init));
      return { status: response.status, json: JSON.parse(await response.text()) };
    },
  };
}
