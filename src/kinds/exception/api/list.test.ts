import { beforeAll, describe, expect, it } from 'vitest';
import { answered, BASE, move, openException, refused, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const LIST = `${BASE}/ticketExceptions`;

/** The exceptions of the account by name: work item, request type, service provider, ticket of the help desk. */
const ROWS = {
  first: [100, 1, 7, '500'],
  second: [100, 2, 8, '501'],
  third: [101, 1, 7, '502'],
  settled: [102, 1, 7, '503'],
  solved: [103, 1, 7, '504'],
  bare: [104, null, null, null],
} as const;
type Name = keyof typeof ROWS;
const numbers = {} as Record<Name, number>;

beforeAll(async () => {
  const { store } = exceptions.server;
  for (const [name, [authorizationNumber, requestType, serviceProviderId, reference]] of Object.entries(
    ROWS,
  )) {
    const number = await openException(store, {
      authorizationNumber,
      requestType,
      serviceProviderId,
      type: name === 'second' ? '2' : '1',
      title: name,
    });
    numbers[name as Name] = number;
    if (reference !== null) await answered(store, number, reference);
    exceptions.clock.advance(1_000);
  }
  await move(store, numbers.settled, 'settle');
  await move(store, numbers.solved, 'solve', { status: 'solved' });
  await openException(store, { authorizationNumber: 100, title: 'of another account' }, 'other');
});

const get = (url: string) => exceptions.partner()('GET', url);
async function subjects(query: string): Promise<string[]> {
  const { status, body } = await get(`${LIST}?${query}`);
  expect(status).toBe(200);
  return body.ticketExceptions.map(({ subject }: { subject: string }) => subject);
}

describe('a list of exceptions', () => {
  it.each<[string, Name[]]>([
    ['', ['bare', 'third', 'second', 'first']],
    ['includeClosedExceptions=true', ['bare', 'solved', 'settled', 'third', 'second', 'first']],
    ['includeClosedExceptions=True&requestType=1', ['solved', 'settled', 'third', 'first']],
    ['includeClosedExceptions=false', ['bare', 'third', 'second', 'first']],
    ['authorizationNumber=100', ['second', 'first']],
    ['authorizationNumber=00100', ['second', 'first']],
    ['authorizationNumber=102', []],
    ['authorizationNumber=102&includeClosedExceptions=true', ['settled']],
    ['requestType=2', ['second']],
    ['serviceProviderId=7', ['third', 'first']],
    ['serviceProviderId=7&authorizationNumber=100', ['first']],
    ['serviceProviderId=7&requestType=2', []],
    ['externalReferences=500', ['first']],
    ['externalReferences=ZDTICKET-500', ['first']],
    ['externalReferences=500&externalReferences=ZDTICKET-502', ['third', 'first']],
    ['externalReferences[]=500&externalReferences[]=501', ['second', 'first']],
    ['externalReferences%5B0%5D=500&externalReferences%5B1%5D=501', ['second', 'first']],
    ['externalReferences=500,%20ZDTICKET-501,502', ['third', 'second', 'first']],
    ['externalReferences=503', []],
    ['externalReferences=503,504&includeClosedExceptions=true', ['solved', 'settled']],
    ['externalReferences=nowhere', []],
    ['externalReferences=500&authorizationNumber=101', []],
    ['externalReferences=500,502&serviceProviderId=7&requestType=1&authorizationNumber=101', ['third']],
    ['externalReferences=', ['bare', 'third', 'second', 'first']],
    ['pageKey=', ['bare', 'third', 'second', 'first']],
    ['somethingElse=1', ['bare', 'third', 'second', 'first']],
  ])('?%s shows %j', async (query, names) => {
    expect(await subjects(query)).toEqual(names);
  });

  it('shows whole exceptions, and no page key on the last page', async () => {
    const { body } = await get(`${LIST}?authorizationNumber=104`);
    expect(body).toEqual({
      ticketExceptions: [
        {
          id: numbers.bare,
          subject: 'bare',
          comment: 'Service provider has not provided ETA',
          tbsWorkItemAuthorizationNumber: '104',
          tbsWorkItemRequestType: null,
          ticketExceptionTypeId: 1,
          ticketExceptionTypeName: 'ETA_MISSING',
          ticketExceptionCreated: false,
          isConsideredSolvedByTbs: false,
          serviceProviderId: null,
          externalReferences: [],
        },
      ],
      pageKey: null,
    });
  });

  it.each([
    ['authorizationNumber=x', 'authorizationNumber'],
    ['authorizationNumber=', 'authorizationNumber'],
    ['authorizationNumber=-1', 'authorizationNumber'],
    ['authorizationNumber=1.0', 'authorizationNumber'],
    ['authorizationNumber=9007199254740993', 'authorizationNumber'],
    ['authorizationNumber=1&authorizationNumber=2', 'authorizationNumber'],
    ['requestType=one', 'requestType'],
    ['serviceProviderId=1e3', 'serviceProviderId'],
    ['includeClosedExceptions=perhaps', 'includeClosedExceptions'],
    ['externalReferences=a%00b', 'externalReferences'],
  ])('?%s is refused', async (query, field) => {
    const answer = await get(`${LIST}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused(
        'ValidationFailed',
        expect.any(String),
        expect.objectContaining({ [field]: expect.any(Array) }),
      ),
    );
  });

  it('names every fault together', async () => {
    const answer = await get(`${LIST}?requestType=x&serviceProviderId=y&includeClosedExceptions=z`);
    expect(Object.keys(answer.body.errors).sort()).toEqual([
      'includeClosedExceptions',
      'requestType',
      'serviceProviderId',
    ]);
  });
});

it('takes as many references as it says', async () => {
  const references = Array.from({ length: 201 }, (_, index) => `R-${index}`);
  expect((await get(`${LIST}?externalReferences=${references.slice(1).join(',')}`)).status).toBe(200);
  const { status, body } = await get(`${LIST}?externalReferences=${references.join(',')}`);
  expect([status, body.errors]).toEqual([400, { externalReferences: ['must have at most 200 items'] }]);
});

describe('one exception', () => {
  it('is found by its number, at both paths, with its version', async () => {
    for (const url of [`${LIST}/${numbers.first}`, `${LIST}/ticketExceptions/${numbers.first}`]) {
      const answer = await get(url);
      expect(answer.status).toBe(200);
      expect(answer.headers.etag).toBe('"2"');
      expect(answer.body).toEqual({
        id: numbers.first,
        subject: 'first',
        comment: 'Service provider has not provided ETA',
        tbsWorkItemAuthorizationNumber: '100',
        tbsWorkItemRequestType: 1,
        ticketExceptionTypeId: 1,
        ticketExceptionTypeName: 'ETA_MISSING',
        ticketExceptionCreated: true,
        isConsideredSolvedByTbs: false,
        serviceProviderId: 7,
        externalReferences: [{ domain: 'zendesk', type: 'ticket', identifier: 'ZDTICKET-500' }],
      });
    }
  });

  it('tells who considers it solved', async () => {
    const settled = await get(`${LIST}/${numbers.settled}`);
    const solved = await get(`${LIST}/${numbers.solved}`);
    expect(settled.body.isConsideredSolvedByTbs).toBe(true);
    expect(solved.body.isConsideredSolvedByTbs).toBe(false);
  });

  it('is not there for another account, nor under a number that nobody has', async () => {
    const foreign = await exceptions.partner('other')('GET', `${LIST}/${numbers.bare}`);
    for (const answer of [foreign, await get(`${LIST}/999999`)]) {
      expect(answer.status).toBe(404);
      expect(answer.body.errorCode).toBe('NotFound');
    }
  });
});

describe('pages', () => {
  const account = 'other';
  const page = (query: string) => exceptions.partner(account)('GET', `${LIST}?${query}`);
  const open = (authorizationNumber: number) =>
    openException(
      exceptions.server.store,
      { authorizationNumber, title: String(authorizationNumber) },
      account,
    );
  const shown = (answer: { body: { ticketExceptions: { subject: string }[] } }) =>
    answer.body.ticketExceptions.map(({ subject }) => Number(subject));
  const down = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, index) => from - index);

  it('stay right while exceptions come and go', async () => {
    for (let item = 1000; item < 1120; item += 1) await open(item);
    const first = await page('');
    expect(shown(first)).toEqual(down(1119, 1070));
    // What comes later is newer; what is closed meanwhile is left out.
    await open(2000);
    await move(exceptions.server.store, (await numberOf(1069)) as number, 'settle', {}, account);
    await move(exceptions.server.store, (await numberOf(1070)) as number, 'settle', {}, account);
    const second = await page(`pageKey=${first.body.pageKey}`);
    expect(shown(second)).toEqual(down(1068, 1019));
    const third = await page(`pageKey=${second.body.pageKey}`);
    expect(shown(third).slice(0, 19)).toEqual(down(1018, 1000));
    expect(third.body.pageKey).toBeNull();
  }, 60_000);

  async function numberOf(authorizationNumber: number) {
    const { body } = await page(`authorizationNumber=${authorizationNumber}`);
    return body.ticketExceptions[0]?.id;
  }

  it.each(['x', 'AAAA', 'eyJpZCI6MX0', '%20', '0'])('the key %s is refused', async (key) => {
    for (const path of ['ticketExceptions', 'rules']) {
      const answer = await get(`${BASE}/${path}?pageKey=${key}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(
        refused('ValidationFailed', expect.any(String), {
          pageKey: ['must be a cursor that this list gave out'],
        }),
      );
    }
  });

  it('a key of one list is none of another', async () => {
    const { body } = await page('');
    const answer = await exceptions.partner(account)('GET', `${BASE}/rules?pageKey=${body.pageKey}`);
    expect(answer.status).toBe(400);
  });
});
