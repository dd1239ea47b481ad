import { SERVER_SET, type Version } from '../version.ts';
import { readBody, toWire } from './map.ts';
import { createBody, patchBody, patchedTicket, wireTicket } from './schema.ts';

/** Version 5.0.1. */
export const v5: Version = {
  name: 'v5',
  standard: '5.0.1',
  contract: 'tmf621-v5',
  base: '/tmf-api/troubleTicket/v5',
  createBody,
  patchedTicket,
  patchBody,
  wireTicket,
  isFifth: true,
  immutable: [...SERVER_SET, 'statusChangeHistory', 'statusChangeDate'],
  always: ['id', 'href', '@type'],
  toWire,
  readBody,
};
