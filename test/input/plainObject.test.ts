import { runInNewContext } from 'node:vm';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { omitUndefined, plainObject } from '../../src/input/plainObject.js';

class Note {
  text = 'a field of the instance';
}

describe('plainObject', () => {
  it.each([
    ['a literal', {}],
    ['an object without prototype', Object.create(null)],
    ['a frozen object', Object.freeze({ a: 1 })],
    ['an instance of a class', new Note()],
    ['an object of another realm', runInNewContext('({ a: 1 })')],
  ])('accepts %s', (_name, input) => {
    expect(v.is(plainObject, input)).toBe(true);
  });

  it.each([
    ['a list', []],
    ['a list of another realm', runInNewContext('[]')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a String object', new String('x')],
    ['a function', () => ({})],
    ['null', null],
    ['undefined', undefined],
    ['a text', '{}'],
  ])('refuses %s', (_name, input) => {
    expect(v.safeParse(plainObject, input).issues?.[0].message).toBe('an object');
  });
});

it('omits undefined fields and nothing else', () => {
  expect(Object.entries(omitUndefined({ a: undefined, b: 0, c: '', d: null, e: false }))).toEqual([
    ['b', 0],
    ['c', ''],
    ['d', null],
    ['e', false],
  ]);
});
