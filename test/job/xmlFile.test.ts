import { describe, expect, it } from 'vitest';
import { readXml } from '../../src/job/xmlFile.js';
import { listOf } from '../interop/import/importLaws.js';

const form = { roots: ['list', 'lists'], isNamespace: (uri: string) => uri === 'urn:list' };

/** Reads the paths that are opened, the texts, and a fault. */
const read = (text: string) =>
  listOf(
    readXml<string>([text], form, ({ open, emit, line }) => ({
      opening: (name) => emit(`before ${name}: ${open.length}`),
      opened: () => emit(open.join('/')),
      text: (content) => emit(`"${content}" ${line()}`),
      closed: () => emit(`end ${open.join('/')}`),
    })),
  );

describe('an XML file', () => {
  it('is read element by element; names of other namespaces say so', async () => {
    expect(
      await read('<list xmlns="urn:list" xmlns:o="urn:other"><a>1<![CDATA[<2]]></a><o:a/></list>'),
    ).toEqual([
      ...['before list: 0', 'list', 'before a: 1', 'list/a', '"1" 1', '"<2" 1', 'end list/a'],
      ...['before {urn:other}a: 1', 'list/{urn:other}a', 'end list/{urn:other}a', 'end list'],
    ]);
  });

  it('is refused with the line, and nothing after the fault is read', async () => {
    const [, , , fault, ...rest] = await read('<list>\n<!DOCTYPE x><a/></list>');
    expect(fault).toMatchObject({ line: 2, broken: { expected: expect.any(String) } });
    expect(rest).toEqual([]);
    expect(await read('<other/>')).toEqual([
      { line: 1, broken: { expected: 'an element list or lists', found: 'other' } },
    ]);
  });
});
