import { decodeFromCompressedBase64, HistogramLogWriter } from 'hdr-histogram-js';
import { LATENCIES } from '../measure/index.ts';
import type { TrialResult } from './schema.ts';

/** HdrHistogram's logs give an interval's maximum in ms by custom; we record µs. */
const US_PER_MS = 1000;

/**
 * A trial's histograms as an HdrHistogram log, one line a phase and latency, tagged `endToEnd.steady`, and one of what is known of the whole;
 * readable by HdrHistogram's own tools.
 */
export function histogramLog(trial: TrialResult): string {
  let text = '';
  const writer = new HistogramLogWriter((line) => {
    text += line;
  });
  writer.outputComment(
    `[mqbench ${trial.scenario} on ${trial.target}, repeat ${trial.repeat}; values in microseconds]`,
  );
  writer.outputLogFormatVersion();
  writer.outputStartTime(Date.parse(trial.startedAt));
  writer.outputLegend();
  let startSeconds = 0;
  for (const phase of trial.phases) {
    for (const name of LATENCIES) {
      const encoded = phase.latency[name].histogram;
      if (encoded === null) continue;
      const histogram = decodeFromCompressedBase64(encoded);
      // a tag ends at the first comma or blank
      histogram.tag = `${name}.${phase.name}`;
      writer.outputIntervalHistogram(histogram, startSeconds, startSeconds + phase.seconds, US_PER_MS);
    }
    startSeconds += phase.seconds;
  }
  const lag = trial.eventSourcing?.projection.lag.histogram;
  if (typeof lag === 'string') {
    const histogram = decodeFromCompressedBase64(lag);
    histogram.tag = 'projectionLag';
    writer.outputIntervalHistogram(histogram, 0, startSeconds, US_PER_MS);
  }
  return text;
}
