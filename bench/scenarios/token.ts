import { requestText } from '../http-connection.ts';
import type { Outcome } from '../outcome.ts';
import { withToken } from '../product.ts';
import { medianOf, runRounds, type Side } from '../rounds.ts';
import type { Stage } from '../stage.ts';

const TOKENS = 2_000;
/** Answered without the database, so that what differs is the check of the token. */
const PATH = '/troubleTicket/transactions';

/** What it costs to check a token that the server has not seen yet, over one that it has. */
export async function measureToken(stage: Stage): Promise<Outcome> {
  const { server, database } = await stage.product();
  const tokens = await database.mintTokens(TOKENS);
  const known = Array.from({ length: TOKENS }, () => database.partyToken);
  const side = (name: string, credentials: readonly string[]): Side => {
    const texts = credentials.map((token) => requestText('GET', PATH, withToken(token)));
    return { name, server, next: () => ({ requests: { type: 'once', texts }, status: 200 }) };
  };
  const sides = [side('warm-up', known), side('new tokens', tokens), side('known token', known)];
  const { connections } = stage.options;
  const rounds = await runRounds(stage, sides, { connections, rounds: 1, seconds: 60, warmUpSeconds: 0 });
  const added = (figure: 'serverCpuUs' | 'databaseCpuUs') =>
    medianOf(rounds, 'new tokens', figure) - medianOf(rounds, 'known token', figure);
  return {
    scenario: 'token',
    title: 'Check a token',
    targets: [],
    figures: [
      { name: 'known token: server', value: medianOf(rounds, 'known token', 'serverCpuUs'), unit: 'µs' },
      { name: 'a new token adds: server', value: added('serverCpuUs'), unit: 'µs' },
      { name: 'a new token adds: PostgreSQL', value: added('databaseCpuUs'), unit: 'µs' },
      { name: 'known token: p50', value: medianOf(rounds, 'known token', 'p50Ms'), unit: 'ms' },
      { name: 'new token: p50', value: medianOf(rounds, 'new tokens', 'p50Ms'), unit: 'ms' },
    ],
    rounds: { token: rounds },
  };
}
