import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveHttp } from '../../../examples/servers/serveHttp.js';
import { serveSip2 } from '../../../examples/servers/serveSip2.js';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy, type FeePolicy } from '../../../src/index.js';
import { almaFeesHandler } from '../../../src/interop/alma/index.js';
import { type Sip2Options, sip2Service } from '../../../src/interop/sip2/index.js';
import { runInMemory } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { folioRing, kohaRing, ring } from '../../testing/feeSystem/ring.js';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of opened.splice(0)) await close();
});

// The packed package compares the example in Python: test/package/commandLine.test.ts.
it('names the missing argument', async () => {
  expect((await runInMemory(['compare'])).errors).toContain('-- PROGRAM ARGUMENTS..., --command');
  const format = await runInMemory(['compare', '--command', 'true', '--format', 'html']);
  expect(format.errors).toContain('expected text, tap, junit');
  const none = await runInMemory(['compare', '--command', 'true', '--runs', '0']);
  expect(none.errors).toContain('--runs 0: expected a positive number');
  const twice = await runInMemory(['compare', '--command', 'true', '--', 'true']);
  expect(twice.errors).toContain('Name one other system');
  const rules = await runInMemory(['compare', '--against', 'rules', '--', 'true']);
  expect(rules.errors).toContain('--against rules: expected account or laws');
  const soon = await runInMemory(['compare', '--timeout', '0', '--', 'true']);
  expect(soon.errors).toContain('--timeout 0: expected seconds, 1 to 999999');
  const java = await runInMemory(['compare', '--command', 'java', '-jar', 'fees.jar']);
  expect(java.errors).toContain('goes last: patron-fees compare -- java -jar fees.jar');
  const gone = await runInMemory(['compare', '--url', 'http://127.0.0.1:9/fees']);
  expect(gone.exitCode).toBe(2);
  expect(gone.errors).toContain('does not answer');
  const secret = await runInMemory(['compare', '--url', 'http://u:pw@127.0.0.1:9/fees']);
  expect(secret.errors).toContain('http://u:***@127.0.0.1:9/fees does not answer');
});

/** A system that refuses everything, as no account does, and within the laws. It has options, and an argument with a space. */
const refuses = [
  process.execPath,
  '-e',
  `if (process.argv[1] !== 'two words' || process.argv[2] !== '--seed') process.exit(1);
   require('node:readline').createInterface(process.stdin).on('line', (line) => {
     const { id, do: name } = JSON.parse(line);
     const described = name === 'describe' && { protocol: 1, name: 'refuses', capabilities: [] };
     console.log(JSON.stringify({ id, ok: true, accepted: false, balances: { fees: [] }, ...described }));
   });`,
  '--',
  'two words',
  '--seed',
];
// The program may need any time to start.
const few = ['--runs', '3', '--seed', '1', '--timeout', '600'];

it('compares an Alma, a Koha, a FOLIO or its SIP2 server, with its options and credentials from the environment', async () => {
  const errors = async (...words: string[]) => (await runInMemory(['compare', ...words])).errors;
  const alma = ['--alma', 'https://test.alma.example/almaws/v1'];
  expect(await errors(...alma)).toContain('--with library=... is missing');
  expect(await errors(...alma, '--with', 'library=MAIN')).toContain('ALMA_API_KEY: missing');
  const koha = ['--koha', 'https://test.koha.example/api/v1', '--with'];
  expect(await errors(...koha, 'library=CPL')).toContain('--with category=... is missing');
  expect(await errors(...koha, 'colour=red')).toContain(
    '--with colour=red: expected NAME=VALUE with one of library,',
  );
  expect(await errors(...koha, 'library=CPL', 'category=PT')).toContain(
    'KOHA_USER: missing in the environment',
  );
  const folio = ['--folio', 'https://okapi.example', '--with', 'owner=Main', 'servicePoint=x'];
  expect(await errors(...folio, 'tenant=north')).toContain('the tenant north: expected a name with "test"');
  expect(await errors(...folio, 'tenant=north', 'mayBeLive=true')).toContain('FOLIO_USER: missing');
  const sip2 = ['--sip2', 'test.example:6001'];
  expect(await errors(...sip2)).toContain('--sip2 needs --alma, --koha or --folio');
  expect(await errors(...koha, 'institution=CPL')).toContain('--with institution=CPL: expected NAME=VALUE');
  const overKoha = [...sip2, ...koha, 'library=CPL', 'category=PT', 'institution=CPL', 'location=L1'];
  expect(await errors(...overKoha)).toContain('KOHA_USER: missing in the environment');
});

/** Compares our SIP2 server, and our server of Alma's clients, which charges what is paid there. */
async function comparedOverSip2(serving: Partial<Sip2Options> = {}) {
  let ids = 0;
  const now = () => '2026-03-02T09:00:00Z';
  const policy = definePolicy({ currency: 'USD' });
  const shared = {
    store: memoryEventStore({ now }),
    policy,
    institution: 'NORTH',
    now,
    newId: () => `id-${++ids}`,
  };
  const { fetch, patrons } = ring(shared, () =>
    almaFeesHandler({
      ...shared,
      patron: ({ userId }) => ({ patronId: userId }),
      authorize: ({ apiKey }) => apiKey === 'l7xx',
    }),
  );
  const terminals = sip2Service({
    ...shared,
    patron: ({ identifier }) => (patrons.has(identifier) ? { patronId: identifier } : undefined),
    login: ({ password }) => (password === 'secret' ? { desk: 'K1' } : undefined),
    ...serving,
  });
  const http = await serveHttp(fetch, { requestTimeoutMs: 600_000, idleTimeoutMs: 600_000 });
  const sip2 = await serveSip2(terminals, { messageTimeoutMs: 600_000, loginTimeoutMs: 600_000 });
  opened.push(http.close, sip2.close);
  vi.stubEnv('ALMA_API_KEY', 'l7xx');
  vi.stubEnv('SIP2_USER', 'kiosk');
  vi.stubEnv('SIP2_PASSWORD', 'secret');
  const systems = ['--alma', `http://127.0.0.1:${http.port}/almaws/v1`, '--sip2', `127.0.0.1:${sip2.port}`];
  const terms = ['--with', 'library=MAIN', 'mayBeLive=true', 'requestsPerSecond=1000000'];
  const result = await runInMemory(['compare', ...systems, ...terms, ...few]);
  const { events } = await shared.store.readAll({ limit: 1_000 });
  const desks = events.flatMap(({ event }) =>
    event.type === 'PaymentReceived' ? [event.data.by?.desk] : [],
  );
  return { ...result, patrons, desks: new Set(desks) };
}

it('compares a SIP2 server over TCP connections, and fails for a server that accepts more than is owed', async () => {
  const { exitCode, errors, output, patrons, desks } = await comparedOverSip2();
  expect([exitCode, errors, patrons.size]).toEqual([0, '', 0]);
  expect(output).toContain('passed');
  // All payments are the terminal's.
  expect([...desks]).toEqual(['K1']);
  const credits = await comparedOverSip2({ overpayment: 'credit' });
  expect([credits.exitCode, credits.errors]).toEqual([1, '']);
});

/** A door over HTTP, and the command line that compares it. */
const live = {
  koha: {
    door: (policy: FeePolicy) => kohaRing(policy),
    path: '/api/v1',
    terms: ['library=MAIN', 'category=PT'],
    credentials: { KOHA_USER: 'the librarian', KOHA_PASSWORD: 'secret' },
    unnamed: 'the host 127.0.0.1: expected a name with "test"',
    wrong: 'answered 401',
    isWaiver: (_url: string, body: string) => body.includes('FORGIVEN'),
  },
  folio: {
    door: (policy: FeePolicy) => folioRing(policy),
    path: '',
    terms: ['tenant=test_north', 'owner=Main', 'servicePoint=c4c90014-c8c9-4ade-8f24-b5e313319f4b'],
    credentials: { FOLIO_USER: 'the librarian', FOLIO_PASSWORD: 'secret' },
    unnamed: 'the tenant north: expected a name with "test"',
    wrong: 'POST /authn/login answered 422',
    isWaiver: (url: string, _body: string) => url.endsWith('/waive'),
  },
};

describe.each(['koha', 'folio'] as const)('compares the whole of a server with --%s', (name) => {
  const { door: doorOf, path, terms, credentials, unnamed, wrong, isWaiver } = live[name];
  const rate = 'requestsPerSecond=1000000';
  async function compared({ loses = false, limit = rate, words = few, more = [] as string[] } = {}) {
    // The type that Koha's adapter charges.
    const policy = { currency: 'USD', feeTypes: { MANUAL: { label: 'Manual fee' } } };
    const door = doorOf(definePolicy(policy));
    const sent: number[] = [];
    const http = await serveHttp(
      async (request) => {
        sent.push(performance.now());
        return loses && isWaiver(request.url, await request.clone().text())
          ? Response.json({}, { status: 201 })
          : door.fetch(request);
      },
      { requestTimeoutMs: 600_000, idleTimeoutMs: 600_000 },
    );
    opened.push(http.close);
    for (const [variable, value] of Object.entries(credentials)) vi.stubEnv(variable, value);
    const file = join(temporaryFolder(), 'policy.json');
    writeFileSync(file, JSON.stringify(policy));
    const address = [`--${name}`, `http://127.0.0.1:${http.port}${path}`, '--policy', file];
    const fields = ['--with', ...terms, 'mayBeLive=true', limit];
    const started = performance.now();
    const result = await runInMemory(['compare', ...address, ...words, ...more, ...fields]);
    return { ...result, door, sent: sent.map((time) => time - started) };
  }

  it('reports each case, records the traffic, and leaves no patron', async () => {
    const traffic = join(temporaryFolder(), 'traffic.jsonl');
    const { exitCode, output, errors, door, sent } = await compared({ more: ['--record', traffic] });
    expect([exitCode, errors, door.patrons.size]).toEqual([0, '', 0]);
    const lines = readFileSync(traffic, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(sent.length);
    const cases = /: (\d+) cases\n/.exec(output)?.[1];
    expect(output.match(/^passed/gm)).toHaveLength(Number(cases));
    for (const text of [output, ...lines]) expect(text).not.toMatch(/the librarian|"secret"|patron-fees-/);
    expect(lines.map((line) => JSON.parse(line).status)).toContain(201);
  });

  it('prints the shortest story that differs, and exits with 1, if waivers are lost', async () => {
    const { exitCode, output, errors } = await compared({ loses: true });
    expect([exitCode, errors]).toEqual([1, '']);
    expect(output).toMatch(/^failed/m);
    expect(output).toContain('The fee system differs from our account.');
  });

  it('sends no more requests per second than allowed', async () => {
    const { exitCode, sent } = await compared({
      limit: 'requestsPerSecond=50',
      words: ['--runs', '1', '--seed', '1', '--timeout', '600'],
    });
    expect([exitCode, sent.length > 10]).toEqual([0, true]);
    // Timers may end up to a millisecond early.
    expect(sent.at(-1)).toBeGreaterThan((sent.length - 1) * 20 - 5);
  });

  it('refuses a server that is not named a test, wrong credentials, and credentials in arguments', async () => {
    const [first = ''] = terms;
    const named = [first.replace('test_north', 'north'), ...terms.slice(1)];
    const address = [`--${name}`, 'http://127.0.0.1:9', '--with'];
    const live = await runInMemory(['compare', ...address, ...named]);
    expect([live.exitCode, live.errors]).toEqual([2, expect.stringContaining(unnamed)]);
    const argument = await runInMemory(['compare', ...address, ...terms, 'password=secret']);
    expect([argument.exitCode, argument.errors]).toEqual([2, expect.stringContaining('expected NAME=VALUE')]);
    const [user = '', password = ''] = Object.keys(credentials);
    for (const variable of [user, password]) {
      vi.stubEnv(user, 'the librarian');
      vi.stubEnv(password, 'wrong');
      vi.stubEnv(variable, undefined);
      const without = await runInMemory(['compare', ...address, ...terms, 'mayBeLive=true']);
      expect(without.errors).toContain(`${variable}: missing in the environment`);
    }
    const given = credentials as Record<string, string>;
    const original = given[password] as string;
    given[password] = 'not-the-password';
    try {
      const refused = await compared();
      expect([refused.exitCode > 0, refused.door.patrons.size]).toEqual([true, expect.any(Number)]);
      expect(refused.errors + refused.output).toContain(wrong);
      expect(refused.errors + refused.output).not.toContain('not-the-password');
    } finally {
      given[password] = original;
    }
  });
});

it('records only exchanges with a server, and says if it cannot', async () => {
  const none = await runInMemory(['compare', '--record', 'a.jsonl', '--', 'true']);
  expect(none.errors).toContain('--record needs --alma, --koha or --folio');
  vi.stubEnv('KOHA_USER', 'a');
  vi.stubEnv('KOHA_PASSWORD', 'b');
  const koha = ['--koha', 'https://test.koha.example/api/v1', '--with', 'library=CPL', 'category=PT'];
  const nowhere = await runInMemory(['compare', '--record', '/nowhere/a.jsonl', ...koha]);
  expect([nowhere.exitCode, nowhere.errors]).toEqual([
    2,
    expect.stringContaining('--record /nowhere/a.jsonl'),
  ]);
});

it('runs the command after -- unchanged', async () => {
  const { exitCode, output, errors } = await runInMemory(['compare', ...few, '--', ...refuses]);
  expect([exitCode, errors]).toEqual([1, '']);
  expect(output).toContain('The fee system differs from our account.');
});

it('checks a system that differs on purpose by the laws', async () => {
  const laws = await runInMemory(['compare', ...few, '--against', 'laws', '--', ...refuses]);
  expect([laws.exitCode, laws.errors]).toEqual([0, '']);
  expect(laws.output).toContain('passed  charges fees and takes payments within the laws');
});

it('waits for a reply for the time of --timeout', async () => {
  const silent = [process.execPath, '-e', 'setInterval(() => {}, 1_000)'];
  const { exitCode, errors } = await runInMemory(['compare', '--timeout', '1', '--', ...silent]);
  expect([exitCode, errors]).toEqual([2, 'patron-fees: no reply to describe within 1000 ms\n']);
});
