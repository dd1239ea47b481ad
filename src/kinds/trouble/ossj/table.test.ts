import { expect, it } from 'vitest';
import { useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { PARTIES } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  parties: PARTIES,
});

/** The published table, by hand: code, from, to. Nothing leads to TU01, and what keeps the state leads nowhere. */
const PUBLISHED: [code: string, from: string[], to: string | null][] = [
  ['TU01', [], 'OPENACTIVE'],
  ['TO02', ['OPENACTIVE'], 'DEFERRED.AWAITING-CANCELATION'],
  [
    'TU03',
    ['OPENACTIVE', 'DEFERRED.AWAITING-CANCELATION', 'DEFERRED.AWAITING-INFORMATION'],
    'CLOSED.CANCELED',
  ],
  ['TU04', ['DEFERRED.AWAITING-CANCELATION'], 'OPENACTIVE'],
  ['TO05', ['OPENACTIVE'], 'DEFERRED.AWAITING-INFORMATION'],
  ['TU06', ['DEFERRED.AWAITING-INFORMATION'], 'OPENACTIVE'],
  ['TO07', ['OPENACTIVE'], 'CLEARED'],
  ['TU08', ['CLEARED'], 'OPENACTIVE'],
  ['TU09', ['CLEARED', 'OPENACTIVE'], 'CLOSED'],
  ['TU10', ['OPENACTIVE', 'DEFERRED.AWAITING-CANCELATION', 'DEFERRED.AWAITING-INFORMATION', 'CLEARED'], null],
  ['TO11', ['OPENACTIVE', 'DEFERRED.AWAITING-CANCELATION', 'DEFERRED.AWAITING-INFORMATION', 'CLEARED'], null],
  ['TO12', ['CLEARED'], 'CLOSED'],
];

it('serves the published transaction table, with the two states that only another contract has', async () => {
  const { transactions } = (await server.as({ party: 'onivia' })('GET', '/troubleTicket/transactions')).body;
  const rows = transactions.map(({ code, role, from, to }: Record<string, unknown>) => [
    code,
    role,
    from,
    to,
  ]);
  const inOthersToo = ['TU03', 'TU10', 'TO11'];
  expect(rows).toEqual(
    PUBLISHED.map(([code, from, to]) => [
      code,
      code.slice(0, 2),
      inOthersToo.includes(code) ? [...from, 'QUEUED', 'DEFERRED'] : from,
      to,
    ]),
  );
  expect(transactions[6]).toEqual({
    code: 'TO07',
    label: 'Resolve ticket',
    role: 'TO',
    from: ['OPENACTIVE'],
    to: 'CLEARED',
    requires: ['closeOutType', 'closeOutNarr', 'serviceRestoredTime'],
    firedBy: null,
  });
});
