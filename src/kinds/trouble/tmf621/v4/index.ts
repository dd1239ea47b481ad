import { SERVER_SET, type Version } from '../version.ts';
import { readBody, toWire } from './map.ts';
import { createBody, patchBody, patchedTicket, wireTicket } from './schema.ts';

/** Version 4.0.0. */
export const v4: Version = {
  name: 'v4',
  standard: '4.0.0',
  contract: 'tmf621-v4',
  base: '/tmf-api/troubleTicket/v4',
  createBody,
  patchedTicket,
  patchBody,
  wireTicket,
  isFifth: false,
  immutable: [...SERVER_SET, 'statusChange', 'statusChangeDate'],
  always: [],
  toWire,
  readBody,
};
