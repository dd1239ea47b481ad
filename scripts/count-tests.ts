import { readFile } from 'node:fs/promises';

/** The parts of vitest's JSON report that say how a run went. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Prints `N passed, N failed, N skipped` for the report that `vitest` left at the path given, and fails when
 * anything in it failed. A file that failed with no failed test in it (it could not be loaded, or its end found a
 * leaked connection), a run that failed for a reason outside of every file, and a report that is missing or empty
 * each count as one failure.
 */
async function countTests(path: string | undefined): Promise<void> {
  const { success, testResults } = await readReport(path);
  const statuses = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ status }) => status),
  );
  const count = (status: string) => statuses.filter((each) => each === status).length;

  const passed = count('passed');
  const failedFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  ).length;
  const failedInside = count('failed') + failedFiles;
  const failed = failedInside === 0 && (!success || passed === 0) ? 1 : failedInside;
  const skipped = statuses.length - passed - count('failed');

  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  if (failed > 0) process.exitCode = 1;
}

async function readReport(path = ''): Promise<Report> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return { success: false, testResults: [] };
  }
}

await countTests(process.argv[2]);
