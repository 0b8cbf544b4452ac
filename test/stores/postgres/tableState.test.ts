import { tableStateCases } from '../../support/tableStateCases.js';
import { postgresTablesUnderTest } from '../../support/tablesUnderTest.js';

tableStateCases(postgresTablesUnderTest());
