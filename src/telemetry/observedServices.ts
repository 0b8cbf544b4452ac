import type { Sip2Service } from '../interop/sip2/sip2Service.js';
import { type Instruments, measured } from './instruments.js';

/** A function of the Fetch API that answers requests. */
export type FetchHandler = (request: Request) => Promise<Response>;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Returns a handler that reports its requests: the method and the status, not the address, which names the patron. */
export function observedHandler(
  service: string,
  handler: FetchHandler,
  instruments: Instruments,
): FetchHandler {
  return (request) => {
    const method = METHODS.has(request.method) ? request.method : 'other';
    const attributes = { 'patron_fees.service': service, 'http.request.method': method };
    return measured(instruments, { name: 'request', attributes }, async (add) => {
      const response = await handler(request);
      add({ 'http.response.status_code': response.status });
      return response;
    });
  };
}

/** Returns a service that reports its messages: the number of each answer, such as `38` for a payment. */
export function observedSip2(service: Sip2Service, instruments: Instruments): Sip2Service {
  const attributes = { 'patron_fees.service': 'sip2' };
  const next = (answers: AsyncGenerator<Uint8Array, void, void>) =>
    measured(instruments, { name: 'request', attributes }, async (add, leaveUntold) => {
      const result = await answers.next();
      if (result.done) leaveUntold();
      else add({ 'patron_fees.sip2.answer': codeIn(result.value) });
      return result;
    });
  return {
    connect: () => {
      const connection = service.connect();
      return Object.defineProperties({} as typeof connection, {
        ...Object.getOwnPropertyDescriptors(connection),
        receive: {
          enumerable: true,
          value: async function* receive(piece: Uint8Array) {
            const answers = connection.receive(piece);
            try {
              for (let found = await next(answers); !found.done; found = await next(answers))
                yield found.value;
            } finally {
              await answers.return();
            }
          },
        },
      });
    },
  };
}

function codeIn(answer: Uint8Array): string {
  const code = String.fromCharCode(answer[0] ?? 0, answer[1] ?? 0);
  return /^\d\d$/.test(code) ? code : 'other';
}
