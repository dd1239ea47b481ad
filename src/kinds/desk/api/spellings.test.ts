import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../../../test/server.ts';
import {
  FORMS,
  type Form,
  itemOf,
  makeTicket,
  type Pair,
  sendForm,
  TICKET,
  useDeskServer,
} from './fixture/desk-server.ts';

const server = useDeskServer();

/** How the ids of two tickets may be written. */
const IDS: Readonly<Record<string, (a: number, b: number) => Pair[]>> = {
  'ticketIDs[] repeated': (a, b) => [
    ['ticketIDs[]', `${a}`],
    ['ticketIDs[]', `${b}`],
  ],
  'ticketIDs[0], ticketIDs[1]': (a, b) => [
    ['ticketIDs[0]', `${a}`],
    ['ticketIDs[1]', `${b}`],
  ],
  'ticketIDs repeated': (a, b) => [
    ['ticketIDs', `${a}`],
    ['ticketIDs', `${b}`],
  ],
  'ticketIDs with a comma': (a, b) => [['ticketIDs', `${a},${b}`]],
  'TicketIDs with a comma and spaces': (a, b) => [['TicketIDs', ` ${a} , ${b} ,`]],
  'ticketID with a comma': (a, b) => [['ticketID', `${a}, ${b}`]],
  'ticketID and TicketIDs[]': (a, b) => [
    ['ticketID', `${a}`],
    ['TicketIDs[]', `${b}`],
  ],
  'each twice': (a, b) => [
    ['ticketIDs[]', `${a}`],
    ['ticketIDs', `${b},${a}`],
    ['ticketID', `${b}`],
  ],
};

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly pairs: readonly Pair[];
  /** What has become of a ticket. */
  readonly seen: (item: Record<string, unknown> | undefined) => unknown;
  readonly expected: unknown;
}

const OPERATIONS: readonly Operation[] = [
  {
    method: 'POST',
    path: 'setStatus',
    pairs: [['status', 'pending']],
    seen: (item) => item?.status,
    expected: 'pending',
  },
  {
    method: 'POST',
    path: 'setPriority',
    pairs: [['priority', 'low']],
    seen: (item) => item?.priority,
    expected: 'low',
  },
  {
    method: 'POST',
    path: 'batch',
    pairs: [
      ['actions[0][actionType]', 'addTag'],
      ['actions[0][value]', 'a'],
      ['actions[1][actionType]', 'addTag'],
      ['actions[1][value]', 'b'],
    ],
    seen: (item) => item?.tags,
    expected: ['a', 'b'],
  },
  {
    method: 'PUT',
    path: 'solveUnfinishedTickets',
    pairs: [],
    seen: (item) => item?.status,
    expected: 'solved',
  },
  { method: 'DELETE', path: 'multi', pairs: [], seen: (item) => item, expected: undefined },
];

async function twoTickets(client: TestClient): Promise<[number, number]> {
  return [await makeTicket(client), await makeTicket(client)];
}

describe.each(OPERATIONS)('$method $path', ({ method, path, pairs, seen, expected }) => {
  describe.each(Object.keys(FORMS) as Form[])('as %s', (form) => {
    it.each(Object.keys(IDS))('takes %s', async (spelling) => {
      const agent = server.agent();
      const [a, b] = await twoTickets(agent);
      const ids = IDS[spelling]?.(a, b) ?? [];
      const answer = await sendForm(agent, form, method, `${TICKET}/${path}`, [...pairs, ...ids]);
      expect(answer.status).toBe(200);
      for (const id of [a, b]) expect(seen(await itemOf(agent, id))).toEqual(expected);
    });
  });

  it('takes numbers of JSON', async () => {
    const agent = server.agent();
    const ids = await twoTickets(agent);
    const body = { ...Object.fromEntries(pairs), ticketIDs: ids };
    expect((await agent(method, `${TICKET}/${path}`, body)).status).toBe(200);
    for (const id of ids) expect(seen(await itemOf(agent, id))).toEqual(expected);
  });
});

it.each(['ticketIDs[]', 'ticketIDs', 'TicketIDs', 'ticketID', 'ticketIDs[0]'])(
  'DELETE multi takes %s of the query',
  async (name) => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const answer = await agent('DELETE', `${TICKET}/multi?${encodeURIComponent(name)}=${id}`);
    expect(answer.body).toMatchObject({ done: 1, results: [{ id, result: 'done' }] });
  },
);

it('DELETE multi takes a bare list of JSON', async () => {
  const agent = server.agent();
  const [a, b] = await twoTickets(agent);
  const answer = await agent('DELETE', `${TICKET}/multi`, JSON.stringify([a, `${b}`]));
  expect(answer.body).toMatchObject({ done: 2, refused: 0 });
  const wrong = await agent('DELETE', `${TICKET}/multi`, JSON.stringify([a, 'x']));
  expect(wrong.body.errors).toEqual([{ field: 'ticketIDs[1]', message: expect.any(String) }]);
});

it('a batch takes a list of actions in JSON', async () => {
  const agent = server.agent();
  const id = await makeTicket(agent);
  const actions = [
    { actionType: 'setTitle', value: 'New' },
    { actionType: 'assignGroup', value: 3 },
  ];
  expect((await agent('POST', `${TICKET}/batch`, { TicketIDs: `${id}`, actions })).body.done).toBe(1);
  expect(await itemOf(agent, id)).toMatchObject({ title: 'New', assigned_group_id: 3 });
});

describe.each(Object.keys(FORMS) as Form[])('as %s', (form) => {
  it('unlinkCustomerFromTicket takes every name for its id', async () => {
    const agent = server.agent();
    for (const name of ['ticketID', 'ticketIDs', 'ticketIDs[]', 'TicketIDs']) {
      const id = await makeTicket(agent);
      await agent('PUT', `${TICKET}/${id}`, { externalPrimaryID: 'CRM-77' });
      const url = `${TICKET}/unlinkCustomerFromTicket`;
      expect((await sendForm(agent, form, 'POST', url, [[name, `${id}`]])).status).toBe(200);
      expect((await itemOf(agent, id)).customer_id).toBeNull();
    }
  });

  it('PUT item takes its fields, and leaves what is empty as it is', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent, { title: 'Kept' });
    const pairs: Pair[] = [
      ['title', ''],
      ['status', 'solved'],
      ['externalPrimaryID', ''],
    ];
    const answer = await sendForm(agent, form, 'PUT', `${TICKET}/${id}`, pairs);
    expect(answer.body.item).toMatchObject({ title: 'Kept', status: 'solved', external_id: null });
  });

  it('what is empty on creating has its default', async () => {
    const names = [
      'brandID',
      'channelID',
      'direction',
      'from',
      'fromName',
      'to',
      'title',
      'assignedGroupID',
      'formID',
    ];
    const pairs = names.map((name): Pair => [name, '']);
    const answer = await sendForm(server.agent(), form, 'POST', TICKET, pairs);
    expect(answer.body.item).toMatchObject({ brand_id: null, from_name: ' ', title: '', form_id: null });
  });
});

it('a body may be left out where nothing is needed', async () => {
  const agent = server.agent();
  expect((await agent('POST', TICKET)).status).toBe(200);
  const id = await makeTicket(agent);
  expect((await agent('PUT', `${TICKET}/${id}`)).status).toBe(200);
  expect((await agent('PUT', `${TICKET}/${id}`, { title: null, status: null })).status).toBe(200);
});
