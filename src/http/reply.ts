import type { FastifyReply } from 'fastify';
import type { Answer } from '../kernel/answer.ts';
import type { Refusal } from '../kernel/errors.ts';
import { sendRefusal } from './errors.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What a write gives: a fresh answer, or the first one again. */
export interface WrittenAnswer {
  readonly ok: true;
  readonly answer: Answer;
  readonly replayed: boolean;
}

/** Sends a value as JSON. */
export function sendJson(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return sendText(reply, status, JSON.stringify(value));
}

/** Sends text that is JSON already, such as a page that the database has built. */
export function sendText(reply: FastifyReply, status: number, json: string): FastifyReply {
  return reply.code(status).header('content-type', JSON_TYPE).send(json);
}

/** Sends an answer as it stands; a body without a content type is JSON. */
function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status);
  if (answer.body !== '') reply.header('content-type', JSON_TYPE);
  reply.headers(answer.headers);
  return answer.body === '' ? reply.send() : reply.send(answer.body);
}

/** Sends what a write came to: its answer, marked where it is a replay, or the refusal in the contract's format. */
export function sendWritten(reply: FastifyReply, written: WrittenAnswer | Refusal): FastifyReply {
  if (!written.ok) return sendRefusal(reply, written);
  if (written.replayed) reply.header('idempotency-replayed', 'true');
  return sendAnswer(reply, written.answer);
}
