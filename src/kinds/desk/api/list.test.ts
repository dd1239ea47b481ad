import { beforeAll, describe, expect, it } from 'vitest';
import { forTheLog, until } from '../../../../test/until.ts';
import { learnWords } from '../../../store/words.ts';
import { ALL, makeTicket, setStatus, TICKET, useDeskServer } from './fixture/desk-server.ts';

const server = useDeskServer();
const ids: Record<string, number> = {};

/** Tickets that differ in everything that a list can be narrowed by, the first one oldest. */
const TICKETS: Readonly<Record<string, Record<string, unknown>>> = {
  plain: {},
  returns: { title: 'Return a parcel', assignedGroupID: 4 },
  brand: { title: 'Parcel is late', brandID: 2, channelID: 1, formID: 5, direction: 'inbound' },
  mail: { from: 'bo@example.com', fromName: 'Bo Lind', to: 'help@northwind.example' },
  customer: { title: 'Refund' },
  urgent: { title: 'Nothing works' },
  solved: { title: 'Old parcel' },
  closed: { title: 'Older parcel' },
};

const agent = () => server.agent();

beforeAll(async () => {
  const client = agent();
  for (const [name, body] of Object.entries(TICKETS)) {
    ids[name] = await makeTicket(client, body);
    server.clock.advance(1000);
  }
  const idOf = (name: string) => ids[name] ?? 0;
  await setStatus(client, 'solved', [idOf('solved')]);
  await setStatus(client, 'closed', [idOf('closed')]);
  await client('POST', `${TICKET}/setPriority`, { priority: 'urgent', ticketID: idOf('urgent') });
  await client('PUT', `${TICKET}/${idOf('customer')}`, { externalPrimaryID: 'CRM-77' });
  await client('POST', `${TICKET}/batch`, {
    TicketIDs: `${idOf('urgent')}`,
    actions: [
      { actionType: 'addTag', value: 'vip guest' },
      { actionType: 'addTag', value: 'blue' },
      { actionType: 'assignUser', value: 'eva' },
    ],
  });
  await client('POST', `${TICKET}/${idOf('plain')}/messages`, {
    type: 'customer',
    content: 'It smells of zirconium',
  });
  const { sql } = server.store;
  await until(async () => {
    await learnWords(sql, 'default');
    return (await sql`select from word where account = 'default' and word = 'zirconium'`).length > 0;
  }, forTheLog);
}, 90_000);

/** The names of the tickets that a list shows, in its order, and its total. */
async function listed(query: string): Promise<{ names: (string | undefined)[]; total: number }> {
  const answer = await agent()('GET', `${TICKET}?${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  const byId = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  const names = answer.body.items.map(({ id }: { id: number }) => byId.get(id));
  return { names, total: answer.body.total };
}

const newestFirst = Object.keys(TICKETS).reverse();

describe('the list', () => {
  it.each<[string, string[]]>([
    ['', newestFirst],
    ['status=solved', ['solved']],
    ['status=closed,solved', ['closed', 'solved']],
    ['status[]=closed', ['closed']],
    ['searchArchived=no', newestFirst.slice(1)],
    ['searchArchived=yes', newestFirst],
    ['searchArchived=no&status=closed', []],
    ['applyView=solved', ['solved']],
    ['applyView=my-returns', ['returns']],
    ['applyView=urgent', ['urgent']],
    ['applyView=unfinished&status=closed', []],
    ['applyView=old_words', ['closed', 'solved', 'brand', 'returns']],
    ['applyView=old_words&searchArchived=no', ['solved', 'brand', 'returns']],
    ['applyView=old_words&query=late', ['brand']],
    ['query=parcel', ['closed', 'solved', 'brand', 'returns']],
    ['query=parcel&searchArchived=no', ['solved', 'brand', 'returns']],
    ['query=parcel&status=closed', ['closed']],
    ['query=parc+ol', ['closed', 'solved']],
    ['query=prcel', ['closed', 'solved', 'brand', 'returns']],
    ['query=zirconium', ['plain']],
    ['query=bo%40example.com', ['mail']],
    ['query=Ana', ['customer']],
    ['query=CRM-77', ['customer']],
    ['query=group:4', ['returns']],
    ['query=brand:2', ['brand']],
    ['query=brand:2+status:closed', []],
    ['query=channel:1', ['brand']],
    ['query=form:5', ['brand']],
    ['query=direction:inbound', ['brand']],
    ['query=priority:urgent', ['urgent']],
    ['query=tag:%22vip+guest%22', ['urgent']],
    ['query=tag:blue+tag:%22vip+guest%22', ['urgent']],
    ['query=tag:%22vip+guest%22+tag:green', []],
    ['query=user:eva', ['urgent']],
    ['query=priority:urgent+priority:medium', []],
    ['query=priority:medium+priority:urgent', []],
    ['query=status:new+status:closed', []],
    ['query=status:closed,closed', ['closed']],
    ['query=from:bo%40example.com+from:bo%40example.com', ['mail']],
    ['applyView=urgent&query=priority:medium', []],
    ['applyView=urgent&query=priority:urgent', ['urgent']],
    ['applyView=my-returns&query=group:0', []],
    ['applyView=old_words&query=priority:urgent', []],
    ['query=customer:7', ['customer']],
    ['query=external:CRM-77', ['customer']],
    ['query=from:bo%40example.com', ['mail']],
    ['query=to:help%40northwind.example', ['mail']],
    ['query=group:0+status:solved', ['solved']],
    ['query=nowhere', []],
    ['query=,,,', []],
    ['status[]=closed&status[]=solved', ['closed', 'solved']],
  ])('?%s', async (query, names) => {
    expect(await listed(query)).toEqual({ names, total: names.length });
  });

  it('one ticket by its id', async () => {
    expect(await listed(`query=id:${ids.mail}`)).toEqual({ names: ['mail'], total: 1 });
  });

  it.each(['', 'query=parcel', 'query=brand:2', 'status=new', 'applyView=unfinished'])(
    '?%s page by page is the list',
    async (query) => {
      const whole = await listed(query);
      const names: (string | undefined)[] = [];
      for (let start = 0; start <= whole.total; start += 3) {
        const page = await listed(`${query}&itemStart=${start}&itemLimit=3`);
        expect(page.total).toBe(whole.total);
        names.push(...page.names);
      }
      expect(names).toEqual(whole.names);
    },
  );

  it('ends where there is nothing more', async () => {
    expect(await listed('itemStart=1000000')).toEqual({ names: [], total: 8 });
    expect(await listed('query=parcel&itemStart=100')).toEqual({ names: [], total: 4 });
  });

  it('shows nothing of another account', async () => {
    const other = server.as({ account: 'other', permissions: ALL });
    expect((await other('GET', `${TICKET}?query=parcel`)).body).toMatchObject({ items: [], total: 0 });
  });
});
