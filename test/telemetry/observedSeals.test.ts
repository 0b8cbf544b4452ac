import { expect, it } from 'vitest';
import { emptyBooks, institution, sealed } from '../seals/sealedBooks.js';
import { figureOf, withSdk } from './withSdk.js';

const its = withSdk();

it('the age of the newest seal is reported until the watch is ended', async () => {
  const books = emptyBooks();
  const end = its.watching.seals(books.stores.office, institution);
  expect(await figureOf(its.sdk, 'seal.age')).toEqual([]);
  await its.sdk.reset();
  await sealed(books, '2026-01');
  const { cutoff } = await sealed(books, '2026-02');
  await its.sdk.reset();
  const before = (Date.now() - Date.parse(cutoff)) / 1_000;
  const [point] = await figureOf(its.sdk, 'seal.age');
  expect(point).toMatchObject({ institution });
  expect(point?.value).toBeGreaterThanOrEqual(before);
  expect(point?.value).toBeLessThanOrEqual((Date.now() - Date.parse(cutoff)) / 1_000);
  end();
  await its.sdk.reset();
  expect(await figureOf(its.sdk, 'seal.age')).toEqual([]);
});
