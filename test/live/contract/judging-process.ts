import { on } from 'node:events';
import { inspect } from 'node:util';
import { failWhatIsLeftOpen } from '../../setup/left-open.ts';
import { cases } from './cases.ts';
import { judge } from './judge.ts';
import { judgedTarget } from './judged-target.ts';
import type { Answer, Request } from './judging.ts';

/** Judges one target, case by case, as it is asked to; ends when who asks lets go of it. */
function answer(message: Answer): void {
  process.send?.(message);
}

async function answerAll(): Promise<void> {
  const requests = on(process, 'message', { close: ['disconnect'] }) as AsyncIterable<[Request]>;
  const stack = new AsyncDisposableStack();
  let target: Awaited<ReturnType<typeof judgedTarget>> | undefined;
  for await (const [request] of requests) {
    try {
      if ('target' in request) {
        target = stack.use(await judgedTarget(request.target, request.running));
        await using driver = await target.connect();
        answer({ server: `${driver.server.product} ${driver.server.version}` });
      } else {
        const each = cases.find(({ name }) => name === request.case);
        if (target === undefined || each === undefined) throw new Error(`no target, or no ${request.case}`);
        answer({ judgement: await judge(target, each) });
      }
    } catch (error) {
      answer({ failure: inspect(error) });
    }
  }
  await stack.disposeAsync();
  failWhatIsLeftOpen();
}

await answerAll();
