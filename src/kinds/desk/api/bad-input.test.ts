import { describe, expect, it } from 'vitest';
import { itemOf, makeTicket, TICKET, useDeskServer } from './fixture/desk-server.ts';

const server = useDeskServer();

const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) });
const form = (text: string) => ({ type: 'application/x-www-form-urlencoded', text });
const action = (actionType: unknown, value?: unknown) =>
  json({ TicketIDs: '1', actions: [{ actionType, value }] });

interface Case {
  readonly method: string;
  readonly path: string;
  readonly sent: { readonly type: string; readonly text: string };
  readonly field: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'an unknown brand': { method: 'POST', path: '', sent: json({ brandID: 99 }), field: 'brandID' },
  'an unknown channel': { method: 'POST', path: '', sent: form('channelID=99'), field: 'channelID' },
  'an unknown group': {
    method: 'POST',
    path: '',
    sent: json({ assignedGroupID: '99' }),
    field: 'assignedGroupID',
  },
  'an unknown form': { method: 'POST', path: '', sent: json({ formID: 99 }), field: 'formID' },
  'a brand that is no number': { method: 'POST', path: '', sent: form('brandID=one'), field: 'brandID' },
  'a direction that begins like one': {
    method: 'POST',
    path: '',
    sent: form('direction=inbounds'),
    field: 'direction',
  },
  'a direction that ends like one': {
    method: 'POST',
    path: '',
    sent: form('direction=xoutbound'),
    field: 'direction',
  },
  'a title that is too long': {
    method: 'POST',
    path: '',
    sent: json({ title: 'x'.repeat(1001) }),
    field: 'title',
  },
  'a title twice': { method: 'POST', path: '', sent: form('title=a&title=b'), field: 'title' },
  'a NUL character': { method: 'POST', path: '', sent: form('title=a%00'), field: 'title' },
  'a status that PUT does not take': {
    method: 'PUT',
    path: '/1',
    sent: json({ status: 'open' }),
    field: 'status',
  },
  'no status': { method: 'POST', path: '/setStatus', sent: json({ ticketIDs: [1] }), field: 'status' },
  'an unknown status': {
    method: 'POST',
    path: '/setStatus',
    sent: form('status=done&ticketIDs[]=1'),
    field: 'status',
  },
  'no ids': { method: 'POST', path: '/setStatus', sent: json({ status: 'open' }), field: 'ticketIDs' },
  'an empty list of ids': {
    method: 'POST',
    path: '/setStatus',
    sent: json({ status: 'open', ticketIDs: [] }),
    field: 'ticketIDs',
  },
  'nothing but commas for ids': { method: 'POST', path: '/batch', sent: action('delete'), field: '' },
  'an id that is none': {
    method: 'POST',
    path: '/setStatus',
    sent: form('status=open&ticketIDs[]=1&ticketIDs[]=x'),
    field: 'ticketIDs[1]',
  },
  'a fraction for an id': {
    method: 'POST',
    path: '/setPriority',
    sent: json({ priority: 'low', ticketIDs: [1.5] }),
    field: 'ticketIDs[0]',
  },
  'too many ids': {
    method: 'POST',
    path: '/setPriority',
    sent: json({ priority: 'low', ticketIDs: Array.from({ length: 10_001 }, (_, id) => id) }),
    field: 'ticketIDs',
  },
  'no ids to delete': { method: 'DELETE', path: '/multi', sent: json({}), field: 'ticketIDs' },
  'two tickets where one is meant': {
    method: 'POST',
    path: '/unlinkCustomerFromTicket',
    sent: json({ ticketIDs: [1, 2] }),
    field: 'ticketID',
  },
  'no actions': { method: 'POST', path: '/batch', sent: json({ TicketIDs: '1' }), field: 'actions' },
  'an unknown action': {
    method: 'POST',
    path: '/batch',
    sent: action('explode'),
    field: 'actions[0][actionType]',
  },
  'a wrong status': {
    method: 'POST',
    path: '/batch',
    sent: action('setStatus', 'done'),
    field: 'actions[0][value]',
  },
  'a wrong priority': {
    method: 'POST',
    path: '/batch',
    sent: action('setPriority', 1),
    field: 'actions[0][value]',
  },
  'an unknown group to assign': {
    method: 'POST',
    path: '/batch',
    sent: action('assignGroup', 99),
    field: 'actions[0][value]',
  },
  'an unknown brand to set': {
    method: 'POST',
    path: '/batch',
    sent: action('setBrand', '0'),
    field: 'actions[0][value]',
  },
  'an unknown customer': {
    method: 'POST',
    path: '/batch',
    sent: action('linkCustomer', 99),
    field: 'actions[0][value]',
  },
  'an empty tag': { method: 'POST', path: '/batch', sent: action('addTag', ''), field: 'actions[0][value]' },
  'a user with too long a name': {
    method: 'POST',
    path: '/batch',
    sent: action('assignUser', 'x'.repeat(256)),
    field: 'actions[0][value]',
  },
  'two statuses': {
    method: 'POST',
    path: '/batch',
    sent: form(
      'TicketIDs=1&actions[0][actionType]=setStatus&actions[0][value]=open&actions[1][actionType]=setStatus&actions[1][value]=solved',
    ),
    field: 'actions[1][value]',
  },
  ...Object.fromEntries(
    [
      'setStatus',
      'setPriority',
      'assignGroup',
      'assignUser',
      'addTag',
      'removeTag',
      'setTitle',
      'setBrand',
      'linkCustomer',
    ].flatMap((actionType) =>
      [undefined, null].map((value) => [
        `${value} where ${actionType} needs a value`,
        { method: 'POST', path: '/batch', sent: action(actionType, value), field: 'actions[0][value]' },
      ]),
    ),
  ),
  'an empty title to set': {
    method: 'POST',
    path: '/batch',
    sent: action('setTitle', ''),
    field: 'actions[0][value]',
  },
  'something before a deletion': {
    method: 'POST',
    path: '/batch',
    sent: json({
      TicketIDs: '1',
      actions: [{ actionType: 'setStatus', value: 'open' }, { actionType: 'delete' }],
    }),
    field: 'actions[0][actionType]',
  },
  'two deletions': {
    method: 'POST',
    path: '/batch',
    sent: json({ TicketIDs: '1', actions: [{ actionType: 'delete' }, { actionType: 'delete' }] }),
    field: 'actions[1][actionType]',
  },
  'a tab between ids': {
    method: 'POST',
    path: '/batch',
    sent: json({ TicketIDs: '1\t2', actions: [{ actionType: 'delete' }] }),
    field: 'ticketIDs[0]',
  },
  'a line end after ids': {
    method: 'POST',
    path: '/setStatus',
    sent: form('status=open&ticketIDs=1%0A'),
    field: 'ticketIDs[0]',
  },
  'the brand 0': { method: 'POST', path: '', sent: json({ brandID: 0 }), field: 'brandID' },
  'the channel 0': { method: 'POST', path: '', sent: form('channelID=0'), field: 'channelID' },
  'the form 0': { method: 'POST', path: '', sent: json({ formID: '00' }), field: 'formID' },
  'something after a deletion': {
    method: 'POST',
    path: '/batch',
    sent: json({
      TicketIDs: '1',
      actions: [{ actionType: 'delete' }, { actionType: 'setTitle', value: 'x' }],
    }),
    field: 'actions[1][actionType]',
  },
  'a message without content': {
    method: 'POST',
    path: '/1/messages',
    sent: json({ type: 'agent' }),
    field: 'content',
  },
  'a message of nobody': {
    method: 'POST',
    path: '/1/messages',
    sent: json({ type: 'x', content: 'y' }),
    field: 'type',
  },
};

describe('a request with', () => {
  it.each(Object.entries(CASES))(
    '%s is refused with its field, and nothing is written',
    async (name, given) => {
      const { method, path, field } = given;
      const agent = server.agent();
      const id = await makeTicket(agent, { title: 'Kept' });
      const sent =
        name === 'nothing but commas for ids'
          ? form('TicketIDs=, ,&actions[0][actionType]=delete')
          : { ...given.sent, text: given.sent.text.replace('"TicketIDs":"1"', `"TicketIDs":"${id}"`) };
      const before = (await agent('GET', `${TICKET}?itemLimit=9999`)).text;
      const url = `${TICKET}${path.replace('/1', `/${id}`)}`;
      const answer = await agent(method, url, sent.text, { 'content-type': sent.type });
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.body).toMatchObject({ type: 'error', status: 'error', message: expect.any(String) });
      const fields = answer.body.errors.map((fault: { field: string }) => fault.field);
      expect(fields).toContain(name === 'nothing but commas for ids' ? 'ticketIDs' : field);
      expect((await agent('GET', `${TICKET}?itemLimit=9999`)).text).toBe(before);
    },
  );

  it.each([
    ['broken JSON', 'application/json', '{"status":', 400],
    ['a list', 'application/json', '[]', 400],
    ['no JSON at all', 'application/json', 'status=open', 400],
    ['broken percent signs', 'application/x-www-form-urlencoded', 'status=%zz', 400],
    ['no boundary', 'multipart/form-data', 'x', 400],
    ['half a part', 'multipart/form-data; boundary=b', '--b\r\n', 400],
    ['a type that nobody reads', 'text/xml', '<status/>', 415],
  ])('%s gets the contract’s own error', async (_name, type, text, status) => {
    const agent = server.agent();
    for (const [method, path] of [
      ['POST', ''],
      ['PUT', '/1'],
      ['POST', '/setStatus'],
      ['POST', '/batch'],
      ['PUT', '/solveUnfinishedTickets'],
      ['DELETE', '/multi'],
    ] as const) {
      const answer = await agent(method, `${TICKET}${path}`, text, { 'content-type': type });
      expect(answer.status).toBe(status);
      expect(Object.keys(answer.body)).toEqual(['type', 'status', 'message', 'errors']);
    }
  });
});

it.each<[string, object, string[]]>([
  ['setStatus', { status: 'bad' }, ['status', 'ticketIDs']],
  ['setPriority', { priority: 'bad', ticketIDs: ['x'] }, ['priority', 'ticketIDs[0]']],
  ['batch', {}, ['ticketIDs', 'actions']],
  [
    '',
    { brandID: 0, channelID: '00', formID: 0, direction: 'up' },
    ['brandID', 'channelID', 'formID', 'direction'],
  ],
  [
    'batch',
    {
      TicketIDs: 'x',
      actions: [
        { actionType: 'setStatus', value: 'bad' },
        { actionType: 'explode', value: 'x' },
        { value: 'x' },
        'x',
        { actionType: 'setTitle' },
        { actionType: 'setTitle', value: { a: 1 } },
        { actionType: 'setBrand', value: 'x' },
        { actionType: 'addTag', value: '' },
      ],
    },
    [
      'ticketIDs[0]',
      'actions[0][value]',
      'actions[1][actionType]',
      'actions[2][actionType]',
      'actions[3]',
      'actions[4][value]',
      'actions[5][value]',
      'actions[6][value]',
      'actions[7][value]',
    ],
  ],
  [
    'batch',
    {
      TicketIDs: '1',
      actions: [
        { actionType: 'setBrand', value: 99 },
        { actionType: 'delete' },
        { actionType: 'linkCustomer', value: 99 },
      ],
    },
    ['actions[0][actionType]', 'actions[0][value]', 'actions[2][actionType]', 'actions[2][value]'],
  ],
])('%s of %j hears of every fault', async (path, body, fields) => {
  const answer = await server.agent()('POST', path === '' ? TICKET : `${TICKET}/${path}`, body);
  expect(answer.status).toBe(400);
  expect(answer.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(fields.sort());
});

it.each([
  ['GET', '?itemLimit=10000', 400],
  ['GET', '?itemLimit=0', 400],
  ['GET', '?itemStart=-1', 400],
  ['GET', '?itemStart=1000001', 400],
  ['GET', '?itemStart=x', 400],
  ['GET', '?applyView=nobody', 400],
  ['GET', '?applyView=a%20b', 400],
  ['GET', '?searchArchived=maybe', 400],
  ['GET', '?status=done', 400],
  ['GET', '?query=status:done', 400],
  ['GET', '?query=%00', 400],
  ['GET', '/x', 404],
  ['GET', '/1x', 404],
  ['GET', '/-1', 404],
  ['GET', '/99999', 404],
  ['GET', '/999999999999999', 404],
  ['GET', '/9999999999999999', 404],
  ['GET', '/setStatus', 404],
  ['GET', '/1?getTicketHistory=maybe', 400],
  ['PATCH', '/1', 404],
  ['POST', '/1', 404],
  ['POST', '/nothing', 404],
  ['DELETE', '/99999', 404],
  ['PUT', '/99999', 404],
])('%s %s gets %i in the contract’s format', async (method, path, status) => {
  const answer = await server.agent()(method, `${TICKET}${path}`);
  expect(answer.status).toBe(status);
  expect(Object.keys(answer.body)).toEqual(['type', 'status', 'message', 'errors']);
});

it('what looks like a prototype does no harm', async () => {
  const agent = server.agent();
  const text = '{"__proto__":{"polluted":1},"constructor":{"x":1},"title":"t"}';
  expect((await agent('POST', TICKET, text)).status).toBe(200);
  const type = 'application/x-www-form-urlencoded';
  const answer = await agent('POST', TICKET, '__proto__[polluted]=1&title=t', { 'content-type': type });
  expect(answer.status).toBe(200);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('a stale If-Match is refused, and the ticket stays', async () => {
  const agent = server.agent();
  const id = await makeTicket(agent);
  await agent('PUT', `${TICKET}/${id}`, { title: 'Second' });
  const stale = await agent('PUT', `${TICKET}/${id}`, { title: 'Third' }, { 'if-match': '"1"' });
  expect(stale).toMatchObject({ status: 412, body: { type: 'error' } });
  expect((await itemOf(agent, id)).title).toBe('Second');
});
