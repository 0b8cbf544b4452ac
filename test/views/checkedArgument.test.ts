import { expect, it } from 'vitest';
import * as input from '../../src/input/checkedArgument.js';
import * as views from '../../src/views/checkedArgument.js';

it('views check their arguments with the functions of the input layer', () => {
  expect({ ...views }).toEqual({ ...input });
});
