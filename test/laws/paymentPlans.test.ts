import { holdLaw } from '../support/lawTests.js';

holdLaw(12);
