import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { decodeEvent } from '../../history/codec.js';
import { type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { redactEvent } from '../../history/redaction.js';
import { type AccountKey, keyFor, secretOf } from './accountKeys.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Returns whether an event has texts in clear that a redaction erases. */
export function hasTexts(event: AccountEvent): boolean {
  const clear = event.metadata?.sealed === undefined ? event : withoutSealed(event);
  return redactEvent(clear) !== clear;
}

/**
 * Returns an event as a redaction leaves it, with all of it encrypted in its metadata: AES-256-GCM with a new nonce,
 * under the key of this version. The stream and the version are authenticated, so a sealed text in another event is
 * refused. An event without texts, or one that is sealed already, is returned unchanged.
 *
 * STORAGE FORMAT of `metadata.sealed`: the id of the key, a dot, and base64url of nonce, encrypted event as JSON, and
 * tag.
 */
export function sealEvent(
  event: AccountEvent,
  { stream, version, key }: { readonly stream: StreamId; readonly version: number; readonly key: AccountKey },
): AccountEvent {
  if (event.metadata?.sealed !== undefined || !hasTexts(event)) return event;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secretOf(key, version), nonce).setAAD(
    placeOf(stream, version),
  );
  const parts = [nonce, cipher.update(JSON.stringify(event), 'utf8'), cipher.final(), cipher.getAuthTag()];
  const left = redactEvent(event);
  const sealed = `${key.id}.${Buffer.concat(parts).toString('base64url')}`;
  return { ...left, metadata: { ...left.metadata, sealed } };
}

/** Returns the key with which an event is sealed; undefined if it is not sealed, or the key was deleted. */
export function sealingKey(
  { version, event }: RecordedEvent,
  keys: readonly AccountKey[],
): AccountKey | undefined {
  const [id] = event.metadata?.sealed?.split('.') ?? [];
  return id === undefined ? undefined : keyFor(keys, id, version);
}

/** Returns an event as it was before it was sealed; as a redaction leaves it if the key was deleted. */
export function unsealEvent<Recorded extends RecordedEvent>(
  recorded: Recorded,
  stream: StreamId,
  keys: readonly AccountKey[],
): Recorded {
  const { version, event } = recorded;
  const sealed = event.metadata?.sealed;
  if (sealed === undefined) return recorded;
  const key = sealingKey(recorded, keys);
  if (key === undefined) return { ...recorded, event: redactEvent(event) };
  return { ...recorded, event: decodeEvent(opened(sealed, key, stream, version)) };
}

function opened(sealed: string, key: AccountKey, stream: StreamId, version: number): string {
  const bytes = Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64url');
  try {
    const secret = secretOf(key, version);
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: TAG_BYTES })
      .setAAD(placeOf(stream, version))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    const name = streamName(stream);
    throw new PatronFeesError(
      'CORRUPT_HISTORY',
      `${name}: the encrypted texts of version ${version} were changed, or are those of another event`,
      { stream: name, version },
    );
  }
}

function placeOf({ institution, patronId }: StreamId, version: number): Buffer {
  return Buffer.from(JSON.stringify([institution, patronId, version]));
}

function withoutSealed(event: AccountEvent): AccountEvent {
  const { sealed: _, ...metadata } = event.metadata ?? {};
  return { ...event, metadata } as AccountEvent;
}
