import type { PlantedFault } from './plantedFault.js';
import { plantedInJobs } from './plantedInJobs.js';
import { plantedInReports } from './plantedInReports.js';

/** The faults of online payments: all are found by the stories of a payment provider. */
export const plantedFaults: readonly PlantedFault[] = [...plantedInReports, ...plantedInJobs];
