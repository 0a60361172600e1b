import { deadLetter } from './dead-letter/index.ts';
import { eventSourcing } from './event-sourcing/index.ts';
import { requestReply } from './request-reply/index.ts';
import { saga } from './saga/index.ts';
import { schemaEvolution } from './schema-evolution/index.ts';
import { stream } from './stream/index.ts';
import type { AnyWorkload } from './workload.ts';

const WORKLOADS: readonly AnyWorkload[] = [
  stream,
  requestReply,
  deadLetter,
  saga,
  schemaEvolution,
  eventSourcing,
];

export function workloadNamed(name: AnyWorkload['name']): AnyWorkload {
  const workload = WORKLOADS.find((each) => each.name === name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  return workload;
}

export type { Part, PartAccount, PartProgress, Role } from './workload.ts';
