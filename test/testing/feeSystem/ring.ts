import { expect } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import type { FeePolicy } from '../../../src/index.js';
import { almaFeesHandler } from '../../../src/interop/alma/index.js';
import { folioFeesHandler } from '../../../src/interop/folio/index.js';
import { kohaAccountHandler } from '../../../src/interop/koha/index.js';
import {
  type ComparisonOptions,
  compareFeeSystem,
  type RemoteFeeSystem,
} from '../../../src/testing/index.js';
import { runsOf } from '../../support/seeded.js';

// The rings: what an adapter sends, answered by the door over our own rules. What the doors do not serve, making and
// deleting patrons, is answered here.

/** How many stories a ring plays for each case: a part of them, as properties do. */
export const ringRuns = Math.max(1, runsOf(100));

/** Fails unless an adapter over its door agrees with ours in so many cases, and has deleted the patrons that it made. */
export async function expectAgreement(
  {
    door,
    system,
  }: { readonly door: { readonly patrons: ReadonlySet<string> }; readonly system: RemoteFeeSystem },
  options: ComparisonOptions & { readonly policy: FeePolicy },
  cases: number,
): Promise<void> {
  const results = await compareFeeSystem(system, { ...options, runs: ringRuns, seed: 1 });
  expect(results.cases.map(({ title, difference }) => [title, difference])).toEqual(
    results.cases.map(({ title }) => [title, null]),
  );
  expect([results.cases.length, door.patrons.size]).toEqual([cases, 0]);
}

/** What a system with overpayments is held to, and how our account takes them. */
export const ringsWithOverpayment = [
  ['account', 'refuse'],
  ['laws', 'refuse'],
  ['account', 'credit'],
] as const;

/** A fee that stories of one fee charge. */
export const fee = {
  id: 'f1',
  feeType: 'OTHER',
  lostItem: false,
  refundPercent: 0,
  amount: '5.00',
  currency: 'USD',
};

const now = () => '2026-03-02T09:00:00Z';

/** A door, and the requests that doors do not serve. */
export function ring<Base>(base: Base, handler: (base: Base) => (request: Request) => Promise<Response>) {
  const serve = handler(base);
  const patrons = new Set<string>();
  const requests: string[] = [];
  return {
    patrons,
    requests,
    fetch: async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      requests.push(`${request.method} ${pathname}`);
      const last = pathname.split('/').at(-1) ?? '';
      if (request.method === 'DELETE') {
        patrons.delete(last);
        return new Response(null, { status: 204 });
      }
      if (request.method !== 'POST' || !/\/(users|patrons)$/.test(pathname)) return serve(request);
      const { id, primary_id } = (await request.json()) as Readonly<Record<string, string | undefined>>;
      const patronId = id ?? primary_id ?? String(requests.length);
      patrons.add(patronId);
      return Response.json({ id: patronId, patron_id: Number(patronId) }, { status: 201 });
    },
  };
}

/** What all doors share. */
function baseOf(policy: FeePolicy) {
  let ids = 0;
  return { store: memoryEventStore({ now }), policy, institution: 'NORTH', now, newId: () => `id-${++ids}` };
}

/** The ring of Alma's adapter and door. */
export function almaRing(policy: FeePolicy) {
  return ring(baseOf(policy), (base) =>
    almaFeesHandler({
      ...base,
      patron: ({ userId }) => ({ patronId: userId }),
      authorize: ({ apiKey }) => apiKey === 'secret',
    }),
  );
}

/** The ring of Koha's adapter and door. */
export function kohaRing(policy: FeePolicy) {
  return ring(baseOf(policy), (base) =>
    kohaAccountHandler({
      ...base,
      patron: ({ patronId }) => ({ patronId }),
      authorize: ({ credentials }) =>
        credentials !== undefined &&
        ('token' in credentials ? credentials.token === 'T' : credentials.password === 'secret'),
      token: ({ clientSecret }) =>
        clientSecret === 'secret' ? { accessToken: 'T', expiresIn: 600 } : undefined,
      paymentMethod: Object.keys(policy.paymentMethods)[0] as string,
      reasons: { FORGIVEN: Object.keys(policy.waiveReasons)[0] as string },
    }),
  );
}

/** The ring of FOLIO's adapter and door. */
export function folioRing(policy: FeePolicy) {
  return ring(baseOf(policy), (base) =>
    folioFeesHandler({
      ...base,
      patron: ({ identifier }) => ({ patronId: identifier }),
      login: ({ password }) => (password === 'secret' ? { accessToken: 'T', expiresIn: 600 } : undefined),
      authorize: ({ token, tenant }) => token === 'T' && tenant === 'test_north',
      libraries: { MAIN: 'Main' },
    }),
  );
}
