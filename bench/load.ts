import { type HttpConnection, openHttpConnection } from './http-connection.ts';
import { COUNTER, type LoadJob, type LoadResult, type Requests } from './load-job.ts';
import { quantile } from './statistics.ts';

/** The process that makes the load. It takes one job after the other from its parent and answers each with its result. */
process.on('message', (job: LoadJob) => {
  runLoad(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});

function runLoad({
  port,
  connections,
  durationMs,
  requests,
  status: expected,
}: LoadJob): Promise<LoadResult> {
  const suppliers = supply(requests, connections);
  const latencies: number[] = [];
  const open: HttpConnection[] = [];
  const starts: (() => void)[] = [];
  return new Promise((resolve, reject) => {
    let cpu = process.cpuUsage();
    let begin = 0;
    let connected = 0;
    let running = connections;
    let lastBody: readonly Buffer[] = [];

    function end(error: Error | null): void {
      const elapsedMs = performance.now() - begin;
      for (const connection of open) connection.close();
      if (error) {
        reject(error);
        return;
      }
      cpu = process.cpuUsage(cpu);
      const sorted = Float64Array.from(latencies).sort();
      resolve({
        answers: sorted.length,
        perSecond: (sorted.length / elapsedMs) * 1000,
        elapsedMs,
        cpuMs: (cpu.user + cpu.system) / 1000,
        p50Ms: quantile(sorted, 0.5),
        p99Ms: quantile(sorted, 0.99),
        maxMs: quantile(sorted, 1),
        lastBody: Buffer.concat(lastBody).toString('utf8'),
      });
    }

    for (const next of suppliers) {
      let sentAt = 0;
      const shoot = () => {
        sentAt = performance.now();
        const request = sentAt - begin < durationMs ? next() : null;
        if (request) connection.send(request);
        else {
          running -= 1;
          if (running === 0) end(null);
        }
      };
      const connection = openHttpConnection({
        port,
        onOpen() {
          connected += 1;
          if (connected < connections) return;
          cpu = process.cpuUsage();
          begin = performance.now();
          for (const start of starts) start();
        },
        onAnswer(status, body) {
          latencies.push(performance.now() - sentAt);
          lastBody = body;
          if (status === expected) return shoot();
          const text = Buffer.concat(body).toString('utf8').slice(0, 1000);
          end(new Error(`An answer has the status ${status}, and should have ${expected}: ${text}`));
        },
        onError: end,
      });
      open.push(connection);
      starts.push(shoot);
    }
  });
}

/** For each connection, the function that gives its next request; null when there is none. */
function supply(requests: Requests, connections: number): (() => Buffer | null)[] {
  const all = Array.from({ length: connections });
  if (requests.type === 'counted') {
    const template = Buffer.from(requests.text);
    const places = placesOf(template);
    let number = requests.first;
    // A connection has one request under way, so it can write each into the same bytes.
    return all.map(() => {
      const request = Buffer.from(template);
      return () => {
        const digits = String(number).padStart(COUNTER.length, '0');
        number += 1;
        for (const place of places) request.write(digits, place, 'latin1');
        return request;
      };
    });
  }
  const texts = requests.texts.map((text) => Buffer.from(text));
  if (requests.type === 'drawn') {
    return all.map(() => () => texts[Math.floor(Math.random() * texts.length)] ?? null);
  }
  let index = 0;
  return all.map(() => () => {
    index += 1;
    return texts[index - 1] ?? null;
  });
}

function placesOf(template: Buffer): number[] {
  const places: number[] = [];
  for (let at = template.indexOf(COUNTER); at !== -1; at = template.indexOf(COUNTER, at + COUNTER.length)) {
    places.push(at);
  }
  return places;
}
