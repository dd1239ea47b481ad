import { type Logger, pino } from 'pino';

/**
 * The log of a command that is no server: to stderr, and only what is out of the ordinary. LOG_LEVEL=debug shows all.
 */
export function createToolLog(logLevel: string): Logger {
  return pino({ level: logLevel === 'info' ? 'warn' : logLevel }, pino.destination({ fd: 2, sync: true }));
}
