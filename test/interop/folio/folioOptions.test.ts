import { expect, it } from 'vitest';
import { folioClient } from './folioClient.js';

it.each([
  ['a method', { methods: { Shells: 'SHELLS' } }],
  ['a reason', { reasons: { Why: 'NONE' } }],
  ['an option', { port: 9130 }],
])('throws for %s that does not exist', async (_name, wrong) => {
  await expect(folioClient([], wrong as never)).rejects.toThrow('INVALID_ARGUMENT');
});
