import { describe } from 'vitest';
import type * as release from '../../../src/stores/sqlite/index.js';
import { laterRelease } from '../../support/laterRelease.js';
import { followedRebuildCases, rebuildCases } from '../../support/rebuildCases.js';
import { sqliteTablesUnderTest } from '../../support/tablesUnderTest.js';

const open = sqliteTablesUnderTest();
const later = () => laterRelease<typeof release>('sqlite');

describe('rebuildAccounts', () => rebuildCases(open, later));
describe('accountsProjection', () => followedRebuildCases(open, later));
