import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { faultsOf, faultText, mismatchText } from '../../src/input/faults.js';

/** The faults that a schema finds in an input. */
function faultsIn(schema: v.GenericSchema, input: unknown) {
  return faultsOf(v.safeParse(schema, input).issues ?? [], schema);
}

describe('faultsOf', () => {
  it('formats the path of a fault as code does', () => {
    const allocation = v.strictObject({ feeId: v.string(), amount: v.string('a decimal string') });
    const schema = v.strictObject({ allocations: v.array(allocation) });
    expect(faultsIn(schema, { allocations: [{ feeId: 'f1', amount: 5 }] })).toEqual([
      { path: 'allocations[0].amount', expected: 'a decimal string', found: '5' },
    ]);
  });

  it('leaves the path empty for the whole input', () => {
    expect(faultsIn(v.string('a text'), 5)).toEqual([{ path: '', expected: 'a text', found: '5' }]);
    expect(faultsIn(v.array(v.string('a text')), [5])[0]?.path).toBe('[0]');
  });

  it('names the expected type if the schema has no message', () => {
    expect(faultsIn(v.boolean(), 'yes')).toEqual([{ path: '', expected: 'true or false', found: '"yes"' }]);
    expect(faultsOf([{ expected: null, received: '1', message: 'Invalid thing' }], v.any())).toEqual([
      { path: '', expected: 'Invalid thing', found: '1' },
    ]);
  });

  it('lists the words of a field that has no message', () => {
    const found = '"c"';
    expect(faultsIn(v.picklist(['a', 'b-b']), 'c')).toEqual([{ path: '', expected: 'one of a, b-b', found }]);
    expect(faultsIn(v.picklist(['a']), 'c')).toEqual([{ path: '', expected: 'one of a', found }]);
  });

  it('calls an object an object, even one without a prototype', () => {
    for (const input of [{}, Object.create(null)])
      expect(faultsIn(v.string(), input)[0]?.found).toBe('Object');
    expect(faultsIn(v.string(), null)[0]?.found).toBe('null');
  });

  it('reports an unknown field and a missing one', () => {
    expect(faultsIn(v.strictObject({ feeId: v.string() }), { fee: 'f1' })).toEqual([
      { path: 'feeId', expected: 'a string', found: 'missing' },
      { path: 'fee', expected: 'no such field', found: '"fee"' },
    ]);
  });

  it('says what a missing field was expected to be, at any depth of the schema', () => {
    const day = v.pipe(
      v.string('a day'),
      v.check((text) => text.length === 10, 'a day'),
    );
    const entry = v.pipe(
      v.custom<object>((given) => given !== null),
      v.strictObject({ day, at: v.optional(day) }),
    );
    const schema = v.object({
      list: v.optional(v.array(entry)),
      table: v.optional(v.record(v.string(), v.union([v.string(), entry]))),
      words: v.optional(v.object({ kind: v.picklist(['a', 'b']), more: v.object({}) })),
    });
    expect(faultsIn(schema, { list: [{}], table: { x: {} }, words: {} })).toContainEqual({
      path: 'list[0].day',
      expected: 'a day',
      found: 'missing',
    });
    expect(faultsIn(schema, { words: {} })).toEqual([
      { path: 'words.kind', expected: 'one of a, b', found: 'missing' },
      { path: 'words.more', expected: 'an object', found: 'missing' },
    ]);
    expect(faultsIn(schema, undefined)).toEqual([{ path: '', expected: 'an object', found: 'missing' }]);
    expect(faultsIn(v.object({ at: day }), { at: undefined })).toEqual([
      { path: 'at', expected: 'a day', found: 'missing' },
    ]);
  });

  it('reports a missing field whose schema accepts any value', () => {
    const schema = v.object({ any: v.unknown() });
    expect(faultsIn(schema, {})).toEqual([{ path: 'any', expected: 'a value', found: 'missing' }]);
    const issue = { expected: null, received: 'undefined', message: 'Invalid key' };
    const path = [
      { key: 'a', origin: 'key' as const },
      { key: 'b', origin: 'key' as const },
    ];
    expect(faultsOf([{ ...issue, path }], schema)).toEqual([
      { path: 'a.b', expected: 'a value', found: 'missing' },
    ]);
  });

  it('lists every fault in the order of the schema', () => {
    const schema = v.strictObject({
      a: v.string('a text'),
      b: v.number('a number'),
      c: v.boolean('a choice'),
    });
    expect(faultsIn(schema, { a: 1, b: 'x', c: null }).map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  it('cuts long paths and values', () => {
    const long = 'x'.repeat(10_000);
    const [fault] = faultsIn(v.strictObject({ [long]: v.number('a number') }), { [long]: long });
    expect(fault).toEqual({
      path: `${'x'.repeat(80)}… (10000 characters)`,
      expected: 'a number',
      found: `"${'x'.repeat(79)}… (10002 characters)`,
    });
  });
});

describe('faultText', () => {
  it('says what was expected and what was found', () => {
    expect(faultText({ path: 'at', expected: 'a string', found: '7' })).toBe(
      'at: expected a string, found 7',
    );
    expect(faultText({ path: '', expected: 'a string', found: '7' })).toBe(
      'input: expected a string, found 7',
    );
  });

  it('says that a field is missing', () => {
    const fault = { path: 'method', expected: 'a code', found: 'missing' };
    expect(faultText(fault)).toBe('method: missing (expected a code)');
    expect(faultText({ ...fault, path: '' }, { whole: 'policy' })).toBe('policy: missing (expected a code)');
  });
});

describe('faultText with words', () => {
  const words = {
    missing: '{path} fehlt ({expected})',
    mismatch: '{path}: erwartet {expected}, gefunden {found}',
    input: 'Eingabe',
    oneOf: 'eines von {options}',
    foundText: 'ein Text von {length} Zeichen',
    foundNumber: 'eine Zahl',
    didYouMean: ' (meinten Sie {nearest}?)',
  };
  const fault = { path: 'by.channel', expected: 'one of desk, job', code: 'oneOf' } as const;
  const options = ['desk', 'job'];

  it('uses the code and the parameters', () => {
    const found = 'a string of 4 characters';
    expect(faultText({ ...fault, found, parameters: { options, length: 4 } }, { words })).toBe(
      'by.channel: erwartet eines von desk, job, gefunden ein Text von 4 Zeichen',
    );
    expect(faultText({ ...fault, path: '', found: 'missing', parameters: { options } }, { words })).toBe(
      'Eingabe fehlt (eines von desk, job)',
    );
    expect(faultText({ ...fault, found: '"dsk"', parameters: { options, nearest: 'desk' } }, { words })).toBe(
      'by.channel: erwartet eines von desk, job, gefunden "dsk" (meinten Sie desk?)',
    );
    expect(faultText({ ...fault, found: 'a number', parameters: { options } }, { words })).toContain(
      'eine Zahl',
    );
  });

  it('is English without words, and for what has no word', () => {
    const found = '"dsk"';
    expect(faultText({ ...fault, found, parameters: { options, nearest: 'desk' } })).toBe(
      'by.channel: expected one of desk, job, found "dsk" (did you mean desk?)',
    );
    expect(faultText({ path: 'a', expected: 'a thing', found: '1' }, { words })).toBe(
      'a: erwartet a thing, gefunden 1',
    );
  });
});

describe('mismatchText', () => {
  it('names the value that was found, or says that it is missing', () => {
    expect(mismatchText('text', 'a text', 5)).toBe('text: expected a text, found 5');
    expect(mismatchText('text', 'a text', undefined)).toBe('text: missing (expected a text)');
    expect(mismatchText('capabilities', 'capabilities', ['fly'], '"fly"')).toBe(
      'capabilities: expected capabilities, found "fly"',
    );
  });
});
