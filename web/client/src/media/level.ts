// SPDX-License-Identifier: Apache-2.0
// How loud a microphone is, for the meter in the preview. Nothing is recorded.

const SAMPLES = 1024;
const READ_EVERY_MS = 80;
/** Speech at arm's length is near -30 dBFS; this much below full scale reads as silence. */
const FLOOR_DB = -60;

/** Root mean square of samples in [-1, 1] as a share of the meter, 0 to 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms === 0) return 0;
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / FLOOR_DB));
}

/** Calls back with 0 to 1 until the returned function is called. */
export function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  if (typeof AudioContext === 'undefined') return () => undefined;
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  // Without a gesture some browsers start it suspended; the first touch of the page wakes it.
  const wake = (): void => void context.resume().catch(() => undefined);
  document.addEventListener('pointerdown', wake, { once: true });
  wake();
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(levelOf(samples));
  }, READ_EVERY_MS);
  return () => {
    clearInterval(timer);
    document.removeEventListener('pointerdown', wake);
    source.disconnect();
    void context.close().catch(() => undefined);
  };
}
