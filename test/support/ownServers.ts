/**
 * Removes the variables that PostgreSQL and its clients read, such as `PGPORT`, from an environment: tests connect to servers
 * of their own, whatever the shell of the user says.
 */
export function useOwnServers(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) if (/^PG[A-Z]/.test(name)) delete environment[name];
}
