import { describe, expect, it } from 'vitest';
import { type AlmaFeesHandlerOptions, almaFeesHandler } from '../../../src/interop/alma/index.js';
import { almaClient } from './almaClient.js';

describe('the options of almaFeesHandler', () => {
  it.each([
    ['no patron hook', { patron: undefined }],
    ['no store', { store: {} }],
    ['an unknown option', { port: 8080 }],
    ['a library that is no code', { libraries: [''] }],
  ])('throws for %s', async (_name, wrong) => {
    const options = wrong as unknown as Partial<AlmaFeesHandlerOptions>;
    await expect(almaClient([], options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(() => almaFeesHandler(undefined as unknown as AlmaFeesHandlerOptions)).toThrow('INVALID_ARGUMENT');
  });

  it.each(['fees.example', 'ftp://fees.example', 'https://fees.example/?a=1', '', 7])(
    'refuse %s as the address for links',
    async (baseUrl) => {
      const wrong = { baseUrl: baseUrl as string };
      await expect(almaClient([], wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});
