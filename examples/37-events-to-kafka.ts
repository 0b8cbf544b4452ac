// A feed to Kafka: events with the account as their key, so that a partition has all events of an account, in their order.
// Kafka itself is not needed here: `KafkaProducer` is the part of a producer of kafkajs that is used.
import assert from 'node:assert/strict';
import Database from 'libsql';
import { definePolicy } from 'patron-fees';
import { type CloudEvent, relay, sqliteOutbox } from 'patron-fees/feed';
import { execute } from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { table } from './support/table.js';

/** A producer, such as `new Kafka({ brokers }).producer({ idempotent: true, maxInFlightRequests: 1 })` of kafkajs. */
type KafkaProducer = {
  send(record: { topic: string; acks: number; messages: KafkaMessage[] }): Promise<unknown>;
};

type KafkaMessage = { key: string; value: string; headers: Record<string, string> };

/** Returns a function that sends an event to a topic, in the structured mode of the CloudEvents binding for Kafka. */
function toKafka(producer: KafkaProducer, topic: string) {
  return async (event: CloudEvent): Promise<void> => {
    const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
    const message = { key: event.partitionkey, value: JSON.stringify(event), headers };
    // -1: all replicas have it. It resolves then, and the relay sends the next event of the account.
    await producer.send({ topic, acks: -1, messages: [message] });
  };
}

/** In place of Kafka: three partitions, chosen by the key. */
const partitions: KafkaMessage[][] = [[], [], []];
const producer: KafkaProducer = {
  send: async ({ messages }) => {
    for (const message of messages) {
      const hash = [...message.key].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
      partitions[hash % partitions.length]?.push(message);
    }
  },
};

const database = new Database(':memory:');
migrate(database);
const outbox = sqliteOutbox(database, { source: 'https://library.example.org/fees' });
const store = sqliteEventStore(database, { inline: [outbox] });
const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00-05:00';
for (const patronId of ['ada', 'bert', 'cy', 'dee']) {
  const { decision } = await execute(store, policy, { institution: 'north', patronId }, [
    { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12.50', owner: 'MAIN', at },
    { type: 'DisputeFee', id: 'd1', feeId: 'f1', at },
    { type: 'ResolveDispute', id: 'r1', feeId: 'f1', outcome: 'feeStands', at },
  ]);
  assert.ok(decision.accepted, JSON.stringify(decision));
}

const ending = new AbortController();
await relay(outbox, toKafka(producer, 'patron-fees'), {
  signal: ending.signal,
  concurrency: 8,
  onProgress: ({ state }) => state === 'current' && ending.abort(), // a service goes on
});
database.close();

const rows = partitions.flatMap((messages, partition) =>
  messages.map(({ key, value }) => {
    const { type, sequence } = JSON.parse(value) as CloudEvent;
    return { partition: String(partition), key, sequence: String(Number(sequence)), type };
  }),
);
assert.equal(rows.length, 12);
for (const key of new Set(rows.map((row) => row.key))) {
  const own = rows.filter((row) => row.key === key);
  assert.equal(new Set(own.map(({ partition }) => partition)).size, 1);
  assert.deepEqual(
    own.map(({ sequence }) => sequence),
    ['1', '2', '3'],
  );
}
console.log(table(rows));
