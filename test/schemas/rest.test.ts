import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restHandler } from '../../examples/servers/rest.js';
import { schemaFiles } from '../../scripts/schemas/files.js';
import { statusOfKind } from '../../scripts/schemas/openApi.js';
import { type EventStore, execute, memoryEventStore } from '../../src/history/index.js';
import { definePolicy, type Rejection, rejectionKinds } from '../../src/index.js';

type Responses = Readonly<
  Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
>;
type Operation = { readonly responses: Responses };
type Document = {
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>>;
  readonly components: { readonly schemas: object };
};

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({
  currency: 'USD',
  blockLimits: { '*': [{ amount: '5.00' }] },
  feeTypes: { OTHER: { label: 'Other' }, FIXED: { label: 'Fixed', waiveable: false } },
});
const stream = { institution: 'north', patronId: 'p/1' };
const base = '/institutions/{institution}/patrons/{patronId}';
const fee = {
  type: 'AssessFee',
  id: 'f1',
  feeType: 'OTHER',
  amount: '25.00',
  owner: 'MAIN',
  loanId: 'l1',
  at,
} as const;

let document: Document;
let ajv: Ajv2020;
let store: EventStore;
let seen: unknown[];
let handler: ReturnType<typeof restHandler>;

beforeAll(() => {
  document = schemaFiles()['openapi.json'] as unknown as Document;
  ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...document, $id: 'api' });
});

beforeEach(async () => {
  seen = [];
  store = memoryEventStore({ now: () => at });
  const authorize = ({ headers }: Request) => headers.get('Authorization') === 'Bearer key';
  handler = restHandler({ store, policy, authorize, onError: (error) => seen.push(error) });
  await execute(store, policy, stream, [
    fee,
    { ...fee, id: 'f2', feeType: 'FIXED' },
    {
      type: 'AgreePaymentPlan',
      id: 'n1',
      feeIds: ['f2'],
      instalments: [{ dueOn: '2026-04-01', amount: '25' }],
      at,
    },
    { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', feeIds: ['f1'], at },
    { type: 'IssueCredit', id: 'c1', amount: '3.00', cause: 'manual', reason: 'GOODWILL', at },
  ]);
});

/** Sends a request, and returns the answer, which must be as the document says. */
async function sent(
  path: string,
  values: Readonly<Record<string, string>> = {},
  init: RequestInit = {},
  query = '',
) {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent({ ...stream, ...values }[name] ?? ''),
  );
  const headers = { Authorization: 'Bearer key', ...(init.headers as Record<string, string>) };
  const response = await handler(new Request(`http://localhost${address}${query}`, { ...init, headers }));
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers; the schema checks it
  const body: any = await response.json();
  const operation = document.paths[path]?.[init.method === 'POST' ? 'post' : 'get'];
  const type = response.headers.get('Content-Type') ?? '';
  const { schema } = operation?.responses[response.status]?.content[type] ?? {};
  if (schema === undefined)
    throw new Error(`${path} answered ${response.status} ${type}, which is not documented`);
  const pointer = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'));
  expect(ajv.validate(pointer, body), `${path} ${JSON.stringify(body)} ${ajv.errorsText()}`).toBe(true);
  return { status: response.status, body, etag: response.headers.get('ETag') };
}

const command = (value: unknown, headers = {}) =>
  sent(`${base}/commands`, {}, { method: 'POST', body: JSON.stringify(value), headers });

describe('the sample server of the REST interface', () => {
  const asked: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string]>> = {
    '/summary': [{}, ''],
    '/fines-and-fees': [{}, '?status=all&type=OTHER&owner=MAIN'],
    '/transactions/{id}': [{ id: 'f1' }, ''],
    '/receipts/{paymentId}': [{ paymentId: 'p1' }, ''],
    '/loans/{loanId}/fees': [{ loanId: 'l1' }, ''],
    '/payment-plans': [{}, '?on=2026-04-02'],
    '/blocks': [{}, '?group=student'],
    '/events': [{}, ''],
  };

  it('answers every view of the document, as the document says', async () => {
    const views = Object.keys(document.paths).filter((path) => !path.endsWith('/commands'));
    expect(Object.keys(asked).map((path) => base + path)).toEqual(views);
    for (const [path, [values, query]] of Object.entries(asked)) {
      const { status, body } = await sent(base + path, values, {}, query);
      expect([path, status, JSON.stringify(body).length > 20]).toEqual([path, 200, true]);
    }
    expect((await sent(`${base}/summary`)).body.active).toBe('42.00');
    expect((await sent(`${base}/blocks`, {}, {}, '?group=student')).body.blocked).toBe(true);
  });

  it('executes a command once, and several as a whole', async () => {
    const dispute = { type: 'DisputeFee', id: 'd1', feeId: 'f1', at };
    const { body, etag } = await command(dispute);
    expect(body).toMatchObject({ version: 6, events: [{ type: 'FeeDisputed' }] });
    expect(etag).toBe('"6"');
    expect((await command(dispute)).body).toMatchObject({ version: 6, events: [], repeats: { id: 'd1' } });
    const both = [
      { ...fee, id: 'f3' },
      { ...dispute, id: 'd2', feeId: 'none' },
    ];
    expect(await command(both)).toMatchObject({ status: 404, body: { commandIndex: 1 } });
    expect((await sent(`${base}/events`)).body).toHaveLength(6);
  });

  it('answers a rejection of each kind with its status, as a problem', async () => {
    const cases = [
      [400, { type: 'DisputeFee', id: 'd1' }, 'InvalidCommand'],
      [400, null, 'InvalidCommand'],
      [
        403,
        { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f2' }], reason: 'OTHER', at },
        'FeeTypeNotWaiveable',
      ],
      [404, { type: 'DisputeFee', id: 'd1', feeId: 'none', at }, 'FeeNotFound'],
      [409, { type: 'ReceivePayment', id: 'p2', amount: '999', method: 'CASH', at }, 'PaymentExceedsOwed'],
    ] as const;
    for (const [status, sentCommand, title] of cases) {
      const answer = await command(sentCommand);
      expect(answer).toMatchObject({ status, body: { status, title, rejection: { type: title } } });
      expect(status).toBe(statusOfKind[rejectionKinds[title as Rejection['type']]]);
    }
    expect((await command({ type: 'DisputeFee', id: 'd1', feeId: 'none', at })).body).toEqual({
      type: 'urn:patron-fees:FeeNotFound',
      title: 'FeeNotFound',
      status: 404,
      detail: 'This patron has no fee none.',
      rejection: { type: 'FeeNotFound', kind: 'notFound', feeId: 'none' },
    });
  });

  it('refuses a command to an account that has changed since it was shown', async () => {
    const dispute = { type: 'DisputeFee', id: 'd1', feeId: 'f1', at };
    expect(await command(dispute, { 'If-Match': '"4"' })).toMatchObject({ status: 412 });
    expect(await command(dispute, { 'If-Match': 'old' })).toMatchObject({ status: 400 });
    expect(await command(dispute, { 'If-Match': '"5"' })).toMatchObject({ status: 200 });
  });

  it('answers a missing or invalid resource with a problem document', async () => {
    expect(await sent(`${base}/receipts/{paymentId}`, { paymentId: 'none' })).toMatchObject({ status: 404 });
    expect(await sent(`${base}/transactions/{id}`, { id: 'none' })).toMatchObject({ status: 404 });
    expect(await sent(`${base}/payment-plans`)).toMatchObject({ status: 400 });
    expect(await sent(`${base}/fines-and-fees`, {}, {}, '?status=none')).toMatchObject({ status: 400 });
    const statusOf = async (path: string, init: RequestInit = {}) => {
      const headers = { Authorization: 'Bearer key', ...(init.headers as object) };
      return (await handler(new Request(`http://localhost${path}`, { ...init, headers }))).status;
    };
    const account = '/institutions/north/patrons/p1';
    expect(await statusOf(`${account}/summary`, { headers: { Authorization: 'Bearer other' } })).toBe(401);
    expect(await statusOf(`${account}/toString`)).toBe(404);
    expect(await statusOf('/other')).toBe(404);
    expect(await statusOf(`${account}/%ff`)).toBe(400);
    expect(await statusOf(`${account}/summary`, { method: 'POST', body: '{}' })).toBe(405);
    expect(seen).toEqual([]);
  });

  it('tells nothing about a problem of its own', async () => {
    const broken = { ...store, read: () => Promise.reject(new Error('secret')) };
    const failing = restHandler({
      store: broken,
      policy,
      authorize: () => true,
      onError: (error) => seen.push(error),
    });
    const response = await failing(new Request('http://localhost/institutions/north/patrons/p1/events'));
    expect([response.status, (await response.text()).includes('secret')]).toEqual([500, false]);
    expect(seen).toEqual([new Error('secret')]);
  });
});
