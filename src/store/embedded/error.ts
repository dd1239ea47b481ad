/**
 * What can be wrong with the embedded PostgreSQL, each as one sentence for the person who starts Tessera.
 */

export type EmbeddedErrorCode =
  | 'alreadyRunning'
  | 'notWritable'
  | 'notAFolder'
  | 'diskFull'
  | 'notADatabase'
  | 'dataVersion'
  | 'unsupportedPlatform'
  | 'binariesFail'
  | 'noAccount'
  | 'locale'
  | 'portTaken'
  | 'passwordWrong'
  | 'notAnswering'
  | 'initialiseFailed'
  | 'startFailed';

/** An expected fault. `message` is one sentence that says what is wrong and what to do; its stack is of no use to a reader. */
export class EmbeddedError extends Error {
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedError';
    this.code = code;
  }
}

export function diskFull(dataDir: string): EmbeddedError {
  return new EmbeddedError(
    'diskFull',
    `The disk that holds ${dataDir} is full: free some space and start again.`,
  );
}

/** There is no such place, and none can be made. */
export function noSuchPlace(dataDir: string, error: unknown): EmbeddedError {
  const detail = error instanceof Error ? error.message : String(error);
  return new EmbeddedError(
    'notWritable',
    `The data folder ${dataDir} cannot be made (${detail}): choose another folder with TESSERA_DATA.`,
    { cause: error },
  );
}

/** The system's error code of a thrown value (`ENOENT`, `ECONNREFUSED`, or an SQLSTATE), or undefined. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Turns a file system error on the data folder into its sentence; any other error is returned as it is. */
export function fromFileSystem(error: unknown, dataDir: string): unknown {
  const detail = error instanceof Error ? error.message : String(error);
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(dataDir);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new EmbeddedError(
        'notWritable',
        `The data folder ${dataDir} cannot be read and written by this user (${detail}): ` +
          'change its owner, or choose another folder with TESSERA_DATA.',
        { cause: error },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new EmbeddedError(
        'notAFolder',
        `The data folder ${dataDir} is a file, or lies below one: choose another folder with TESSERA_DATA.`,
        { cause: error },
      );
    default:
      return error;
  }
}
