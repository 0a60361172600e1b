import { deadLetter } from './dead-letter/index.ts';
import { stream } from './stream/index.ts';
import type { Workload } from './workload.ts';

const WORKLOADS: readonly Workload[] = [stream, deadLetter];

export function workloadNamed(name: Workload['name']): Workload {
  const workload = WORKLOADS.find((each) => each.name === name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  return workload;
}

export type { Part, PartAccount, PartProgress, Role, Workload } from './workload.ts';
