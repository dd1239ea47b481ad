import { expect, it } from 'vitest';
import { bodyFor, useTmf } from '../tmf621/fixture/tmf-server.ts';

const tmf = useTmf();

const parties = () => ({
  tu: tmf.server.as({ id: 'tu', name: 'Onivia desk', party: 'onivia' }),
  to: tmf.server.as({ id: 'to', name: 'Redco field', party: 'redco' }),
});

/** Opens a ticket through TMF621, and moves it there. */
async function move(...statuses: string[]): Promise<string> {
  const made = await tmf.tu('v4')('POST', '/troubleTicket', bodyFor('v4'));
  for (const status of statuses) {
    const answer = await tmf.to('v4')('PATCH', `/troubleTicket/${made.body.id}`, { status });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  return made.body.id;
}

it('moves that only other contracts know stand in the history, so that from and to join up', async () => {
  const { tu, to } = parties();
  const id = await move('inProgress', 'held', 'inProgress');
  await to('PUT', `/troubleTicket/${id}`, { dialog: 'On it.' });
  await tu('PUT', `/troubleTicket/${id}`, { dialog: 'Thanks.', baseTroubleTicketState: 'CLOSED' });
  const { history } = (await tu('GET', `/troubleTicket/${id}/history`)).body;
  const steps = history.map(({ code, role, from, to }: Record<string, unknown>) => [code, role, from, to]);
  expect(steps).toEqual([
    ['TU01', 'TU', null, 'QUEUED'],
    [null, 'TO', 'QUEUED', 'OPENACTIVE'],
    [null, 'TO', 'OPENACTIVE', 'DEFERRED'],
    [null, 'TO', 'DEFERRED', 'OPENACTIVE'],
    ['TO11', 'TO', 'OPENACTIVE', 'OPENACTIVE'],
    ['TU09', 'TU', 'OPENACTIVE', 'CLOSED'],
  ]);
  expect(history[2]).toEqual({
    code: null,
    role: 'TO',
    party: 'redco',
    actor: 'Redco field',
    from: 'OPENACTIVE',
    to: 'DEFERRED',
    dialog: null,
    at: expect.any(String),
  });
});

it('a rejection is the last entry', async () => {
  const id = await move('rejected');
  const { history } = (await parties().tu('GET', `/troubleTicket/${id}/history`)).body;
  expect(history.at(-1)).toMatchObject({ code: null, role: 'TO', from: 'QUEUED', to: 'CLOSED' });
});

it('what leaves the state as it is and is no transaction is left out', async () => {
  const id = await move('inProgress');
  await tmf.to('v4')('PATCH', `/troubleTicket/${id}`, { severity: 'Minor' });
  const { history } = (await parties().tu('GET', `/troubleTicket/${id}/history`)).body;
  expect(history).toHaveLength(2);
});
