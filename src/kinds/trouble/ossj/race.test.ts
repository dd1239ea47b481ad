import { expect, it } from 'vitest';
import { useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { CLOSE_OUT, openTicket, PARTIES } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  parties: PARTIES,
});

const ROUNDS = 1_000;
/** Rounds that run side by side, so that their commits share statements as in real traffic. */
const ABREAST = 20;

it('of two parties who act at the same moment exactly one wins, and the other is told the state as it now is', async () => {
  const tu = server.as({ id: 'tu', party: 'onivia' });
  const to = server.as({ id: 'to', party: 'redco' });
  const winners = { tu: 0, to: 0 };

  async function round(): Promise<void> {
    const path = `/troubleTicket/${await openTicket(tu)}`;
    const [cancel, clear] = await Promise.all([
      tu('PUT', path, { dialog: 'Not needed any more', baseTroubleTicketState: 'CLOSED.CANCELED' }),
      to('PUT', path, { dialog: 'Done', baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT }),
    ]);
    const [won, lost] = cancel.status === 200 ? [cancel, clear] : [clear, cancel];
    winners[won === cancel ? 'tu' : 'to'] += 1;
    expect([won.status, lost.status]).toEqual([200, 409]);
    expect(lost.body.code).toBe('invalidTransition');
    expect(lost.body.baseTroubleTicketState).toBe(won.body.baseTroubleTicketState);
    const { history } = (await tu('GET', `${path}/history`)).body;
    expect(history.map(({ to }: { to: string }) => to)).toEqual([
      'OPENACTIVE',
      won.body.baseTroubleTicketState,
    ]);
  }

  for (let done = 0; done < ROUNDS; done += ABREAST) {
    await Promise.all(Array.from({ length: ABREAST }, round));
  }
  expect(winners.tu + winners.to).toBe(ROUNDS);
}, 120_000);

it('information sent by both sides at once is all kept', async () => {
  const tu = server.as({ id: 'tu', party: 'onivia' });
  const to = server.as({ id: 'to', party: 'redco' });
  const path = `/troubleTicket/${await openTicket(tu)}`;
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => (n % 2 ? tu : to)('PATCH', path, { dialog: `Note ${n}` })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const { history } = (await tu('GET', `${path}/history`)).body;
  const dialogs = history.slice(1).map(({ dialog }: { dialog: string }) => dialog);
  expect(new Set(dialogs)).toEqual(new Set(Array.from({ length: 40 }, (_, n) => `Note ${n}`)));
  expect((await tu('GET', path)).body.version).toBe(41);
});
