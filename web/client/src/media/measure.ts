// SPDX-License-Identifier: Apache-2.0
// What the browser measured on one media path (W3C webrtc-stats), as one flat record.

export interface Measured {
  readonly framesDecoded: number;
  readonly framesReceived: number;
  readonly audioLevel: number;
  readonly audioPacketsReceived: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  readonly localCandidateType: string | null;
  readonly remoteCandidateType: string | null;
  readonly roundTripMs: number | null;
  readonly dtlsVersion: string | null;
  readonly srtpCipher: string | null;
}

export const NOTHING_MEASURED: Measured = {
  framesDecoded: 0,
  framesReceived: 0,
  audioLevel: 0,
  audioPacketsReceived: 0,
  packetsReceived: 0,
  packetsLost: 0,
  videoCodec: null,
  audioCodec: null,
  localCandidateType: null,
  remoteCandidateType: null,
  roundTripMs: null,
  dtlsVersion: null,
  srtpCipher: null,
};

type Entry = Readonly<Record<string, unknown>>;
type Report = ReadonlyMap<string, Entry>;

/** `tlsVersion` is the wire number in hex: RFC 6347 §4.1, RFC 9147 §5.3. */
const DTLS_VERSIONS: Readonly<Record<string, string>> = {
  FEFF: 'DTLS 1.0',
  FEFD: 'DTLS 1.2',
  FEFC: 'DTLS 1.3',
};

function number(entry: Entry | undefined, name: string): number {
  const value = entry?.[name];
  return typeof value === 'number' ? value : 0;
}

function text(entry: Entry | undefined, name: string): string | null {
  const value = entry?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function refer(report: Report, entry: Entry | undefined, name: string): Entry | undefined {
  return report.get(text(entry, name) ?? '');
}

/** Firefox has no `transport` entry; there the nominated pair that succeeded is the one. */
function selectedPair(report: Report, transport: Entry | undefined): Entry | undefined {
  const named = refer(report, transport, 'selectedCandidatePairId');
  if (named) return named;
  return [...report.values()].find(
    (entry) =>
      entry['type'] === 'candidate-pair' &&
      entry['state'] === 'succeeded' &&
      entry['nominated'] === true,
  );
}

export function readReport(report: Report): Measured {
  const all = [...report.values()];
  const inbound = (kind: string): Entry | undefined =>
    all.find((entry) => entry['type'] === 'inbound-rtp' && entry['kind'] === kind);
  const audio = inbound('audio');
  const video = inbound('video');
  const transport = all.find((entry) => entry['type'] === 'transport');
  const pair = selectedPair(report, transport);
  const version = text(transport, 'tlsVersion');
  const roundTrip = number(pair, 'currentRoundTripTime');
  return {
    framesDecoded: number(video, 'framesDecoded'),
    framesReceived: number(video, 'framesReceived'),
    audioLevel: number(audio, 'audioLevel'),
    audioPacketsReceived: number(audio, 'packetsReceived'),
    packetsReceived: number(audio, 'packetsReceived') + number(video, 'packetsReceived'),
    packetsLost: number(audio, 'packetsLost') + number(video, 'packetsLost'),
    videoCodec: text(refer(report, video, 'codecId'), 'mimeType'),
    audioCodec: text(refer(report, audio, 'codecId'), 'mimeType'),
    localCandidateType: text(refer(report, pair, 'localCandidateId'), 'candidateType'),
    remoteCandidateType: text(refer(report, pair, 'remoteCandidateId'), 'candidateType'),
    roundTripMs: pair ? Math.round(roundTrip * 1000) : null,
    dtlsVersion: version && (DTLS_VERSIONS[version.toUpperCase()] ?? version),
    srtpCipher: text(transport, 'srtpCipher'),
  };
}

export async function measure(connection: RTCPeerConnection): Promise<Measured> {
  try {
    return readReport(await connection.getStats());
  } catch {
    return NOTHING_MEASURED;
  }
}
