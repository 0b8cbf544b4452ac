import { timingSafeEqual } from 'node:crypto';

/** Returns whether a client sent a secret. The time that it takes does not tell how much of it is right. */
export function isSecret(given: string | null | undefined, secret: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
