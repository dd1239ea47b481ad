import { describe, expect, it } from 'vitest';
import { type Contract, contractFinder } from './contract.ts';
import { problem } from './problem.ts';

function contract(name: string, ...prefixes: string[]): Contract {
  return { name, title: name, description: '', prefixes, errors: problem, routes: () => {} };
}

const find = contractFinder([
  contract('care', '/v2/tickets', '/v2/escalation'),
  contract('service', '/v2/tickets/*-tickets', '/v2/tickets/tickets'),
  contract('trouble', '/troubleTicket', '/v1/troubleTicket'),
]);

describe('contractFinder', () => {
  it.each<[string, string | undefined]>([
    ['/troubleTicket', 'trouble'],
    ['/troubleTicket/', 'trouble'],
    ['/troubleTicket/RED-84/nowhere', 'trouble'],
    ['/v1/troubleTicket', 'trouble'],
    ['/%74roubleTicket', 'trouble'],
    ['/troubleTicket/%ZZ', 'trouble'],
    ['/v2/tickets/pending-tickets/1', 'service'],
    ['/v2/tickets/tickets/1', 'service'],
    ['/v2/tickets/1/escalate', 'care'],
    ['/v2/tickets/pending-ticketsX', 'care'],
    ['/troubleTickets', undefined],
    ['/v1', undefined],
    ['/', undefined],
  ])('gives %s to %s', (path, name) => {
    expect(find(path)?.name).toBe(name);
  });
});
