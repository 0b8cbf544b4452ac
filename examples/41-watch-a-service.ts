// Watches a service with OpenTelemetry: a payment of a web client, printed as a tree of spans. A program would send them to
// a collector; `telemetry/grafana-dashboard.json` shows the figures.
import assert from 'node:assert/strict';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { definePolicy } from 'patron-fees';
import { almaFeesHandler } from 'patron-fees/alma';
import { execute, memoryEventStore } from 'patron-fees/history';
import { telemetry } from 'patron-fees/telemetry';

const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);

const now = () => '2026-03-02T09:00:00Z';
const watching = telemetry(); // after the SDK
const store = watching.store(memoryEventStore({ now }));
const policy = definePolicy({ currency: 'USD' });
const stream = { institution: 'north', patronId: 'dverma' };
const fee = {
  type: 'AssessFee',
  id: 'f1',
  feeType: 'OTHER',
  amount: '12.50',
  owner: 'MAIN',
  at: now(),
} as const;
await execute(store, policy, stream, fee);

const handler = watching.handler(
  'alma',
  almaFeesHandler({
    store,
    policy,
    institution: 'north',
    now,
    newId: () => crypto.randomUUID(),
    patron: ({ userId }) => ({ patronId: userId }),
  }),
);
exporter.reset();
const address = 'https://library.example/almaws/v1/users/dverma/fees/f1';
const paying = '?op=pay&amount=12.50&method=ONLINE&external_transaction_id=X9';
await handler(new Request(address + paying, { method: 'POST' }));

const spans = exporter.getFinishedSpans();
const lines = (parent: string | undefined, indent = ''): string[] =>
  spans
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
    .flatMap((span) => [
      `${indent}${span.name} ${JSON.stringify(span.attributes)}`,
      ...lines(span.spanContext().spanId, `${indent}  `),
    ]);
const tree = lines(undefined);
for (const line of tree) console.log(line);
assert.match(tree[0] ?? '', /^patron_fees\.request .*"http\.response\.status_code":200/);
assert.ok(tree.some((line) => line.includes('"patron_fees.command":"ReceivePayment"')));
assert.ok(!tree.join().includes('dverma'));

// The SDK stays registered until the program ends; this one ends here.
for (const api of [context, trace]) api.disable();
